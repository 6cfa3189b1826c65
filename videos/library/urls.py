"""URL patterns of the library of pictures."""

from django.urls import path

from videos.library import views

ONE = "t/<slug:team>/pictures/<int:number>/"

urlpatterns = [
    path("t/<slug:team>/pictures/", views.pictures, name="pictures"),
    path("t/<slug:team>/pictures/clips/", views.picture_clips, name="picture_clips"),
    path(ONE, views.picture_page, name="picture_page"),
    path(f"{ONE}name/", views.picture_name, name="picture_name"),
    path(f"{ONE}trash/", views.picture_trash, name="picture_trash"),
    path(f"{ONE}restoration/", views.picture_restore, name="picture_restore"),
]
