"""The addresses of this room."""

from django.urls import path

from . import views

urlpatterns = [
    path("t/<slug:team>/budgets/", views.budgets, name="budgets"),
    path("t/<slug:team>/budgets/<int:budget_id>/", views.budget_change, name="budget_change"),
    path("t/<slug:team>/budgets/<int:budget_id>/requests/", views.budget_ask, name="budget_ask"),
    path("t/<slug:team>/budgets/requests/<int:request_id>/", views.budget_answer, name="budget_answer"),
    path("t/<slug:team>/budgets/rates/", views.budget_rate, name="budget_rate"),
    path("t/<slug:team>/budgets/thresholds/", views.budget_threshold, name="budget_threshold"),
    path("t/<slug:team>/budgets/estimates/", views.budget_estimate, name="budget_estimate"),
]
