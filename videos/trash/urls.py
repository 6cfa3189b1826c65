"""URL patterns of the trash."""

from django.urls import path

from videos.trash import views

urlpatterns = [
    path("t/<slug:team>/trash/", views.trash, name="trash"),
    path("t/<slug:team>/trash/<uuid:public_id>/restoration/", views.trash_restore, name="trash_restore"),
]
