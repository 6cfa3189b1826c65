"""URL patterns of the page of a stack."""

from django.urls import path

from videos.stacks import views

ONE = "t/<slug:team>/stacks/<uuid:group>/"

urlpatterns = [
    path(ONE, views.stack, name="stack"),
    path(f"{ONE}changes/", views.stack_changes, name="stack_changes"),
    path(f"{ONE}keeper/", views.stack_keeper, name="stack_keeper"),
    path(f"{ONE}full/", views.stack_full, name="stack_full"),
]
