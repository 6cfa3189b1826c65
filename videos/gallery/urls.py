"""URL patterns of the gallery."""

from django.urls import path

from videos.gallery import views

urlpatterns = [
    path("t/<slug:team>/", views.gallery, name="gallery"),
    path("t/<slug:team>/older/", views.older, name="older"),
    path("t/<slug:team>/changes/", views.changes, name="changes"),
    path("t/<slug:team>/late/", views.late, name="late"),
]
