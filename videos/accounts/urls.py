"""The addresses of this room."""

from django.urls import path

from . import members, views

urlpatterns = [
    path("", views.home, name="home"),
    path("me/", views.profile, name="profile"),
    path("shortcuts/", views.shortcuts, name="shortcuts"),
    path("look/", views.look, name="look"),
    path("teams/new/", views.team_new, name="team_new"),
    path("invites/<str:token>/", views.invite, name="invite"),
    path("t/<slug:team>/members/", members.members, name="members"),
    path("t/<slug:team>/members/<int:user_id>/", members.member, name="member"),
    path("t/<slug:team>/invites/", members.invites, name="invites"),
    path("t/<slug:team>/invites/<int:invite_id>/revocation/", members.invite_revoke, name="invite_revoke"),
    path("t/<slug:team>/name/", members.team_rename, name="team_rename"),
    path("t/<slug:team>/projects/", members.project_new, name="project_new"),
    path("t/<slug:team>/projects/<int:project_id>/name/", members.project_rename, name="project_rename"),
]
