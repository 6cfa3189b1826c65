"""URL patterns of the prompt history."""

from django.urls import path

from . import views

urlpatterns = [
    path("t/<slug:team>/prompts/", views.prompts, name="prompts"),
]
