"""URL patterns of the page of one generation."""

from django.urls import path

from videos.clips import files, views

ONE = "t/<slug:team>/clips/<uuid:public_id>/"

urlpatterns = [
    path("t/<slug:team>/bring-in/", views.bring_in, name="bring_in"),
    path(ONE, views.clip, name="clip"),
    path(f"{ONE}again/", views.clip_retry, name="clip_retry"),
    path(f"{ONE}stop/", views.clip_stop, name="clip_stop"),
    path(f"{ONE}decision/", views.clip_decision, name="clip_decision"),
    path(f"{ONE}task/", views.clip_adopt, name="clip_adopt"),
    path(f"{ONE}look/", views.clip_look, name="clip_look"),
    path(f"{ONE}check/", views.clip_check, name="clip_check"),
    path(f"{ONE}vendor-link/", views.clip_link, name="clip_link"),
    path(f"{ONE}trash/", views.clip_trash, name="clip_trash"),
    path(f"{ONE}restoration/", views.clip_restore, name="clip_restore"),
    path(f"{ONE}files/<int:n>/", files.clip_file, name="clip_file"),
    path(f"{ONE}posters/<int:n>/", files.clip_poster, name="clip_poster"),
    path(f"{ONE}files/<int:n>/download/", files.clip_download, name="clip_download"),
]
