"""URL patterns of the keys page."""

from django.urls import path

from . import views

urlpatterns = [
    path("t/<slug:team>/keys/", views.keys, name="keys"),
    path("t/<slug:team>/keys/reach/", views.keys_reach, name="keys_reach"),
    path("t/<slug:team>/keys/<int:key_id>/test/", views.key_test, name="key_test"),
    path("t/<slug:team>/keys/<int:key_id>/state/", views.key_state, name="key_state"),
    path("t/<slug:team>/keys/<int:key_id>/label/", views.key_rename, name="key_rename"),
    path("t/<slug:team>/keys/<int:key_id>/replacement/", views.key_replace, name="key_replace"),
    path("t/<slug:team>/keys/<int:key_id>/deletion/", views.key_delete, name="key_delete"),
]
