"""The addresses of this room: doors without a session."""

from django.urls import path

from . import views

urlpatterns = [
    path("hooks/<slug:vendor>/<str:token>/", views.callback, name="callback"),
    path("p/<str:token>.<str:suffix>", views.picture, name="picture"),
    path("reach/<str:token>/", views.reach, name="reach"),
    path("healthz/live", views.live, name="live"),
    path("healthz/ready", views.ready, name="ready"),
]
