"""URL patterns for accounts, teams and projects. Of django-allauth's own addresses only those that are
named here exist."""

from allauth.account import views as theirs
from django.urls import path, re_path

from . import members, project_pages, views, way_in

ACCOUNTS = [
    path("accounts/login/", theirs.login, name="account_login"),
    path("accounts/logout/", theirs.logout, name="account_logout"),
    path("accounts/inactive/", theirs.account_inactive, name="account_inactive"),
    path("accounts/signup/", theirs.signup, name="account_signup"),
    path("accounts/reauthenticate/", theirs.reauthenticate, name="account_reauthenticate"),
    path("accounts/confirm-email/", theirs.email_verification_sent, name="account_email_verification_sent"),
    re_path(
        r"^accounts/confirm-email/(?P<key>[-:\w]+)/$", way_in.email_confirm, name="account_confirm_email"
    ),
    path("accounts/password/change/", way_in.password_change, name="account_change_password"),
    path("accounts/password/reset/", theirs.password_reset, name="account_reset_password"),
    path("accounts/password/reset/done/", theirs.password_reset_done, name="account_reset_password_done"),
    path(
        "accounts/password/reset/key/done/",
        theirs.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        theirs.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("accounts/email/", way_in.email, name="account_email"),
    path("accounts/email/forget/", way_in.email_forget, name="account_email_forget"),
    path("accounts/sessions/", way_in.sessions_end, name="account_sessions_end"),
]
urlpatterns = [
    *ACCOUNTS,
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
    path("t/<slug:team>/projects/", project_pages.project_new, name="project_new"),
    path(
        "t/<slug:team>/projects/<int:project_id>/name/", project_pages.project_rename, name="project_rename"
    ),
    path(
        "t/<slug:team>/projects/<int:project_id>/archive/",
        project_pages.project_archive,
        name="project_archive",
    ),
    path(
        "t/<slug:team>/projects/<int:project_id>/restoration/",
        project_pages.project_restore,
        name="project_restore",
    ),
]
