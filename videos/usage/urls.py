"""URL patterns of the usage page."""

from django.urls import path

from . import views

urlpatterns = [
    path("t/<slug:team>/usage/", views.usage, name="usage"),
]
