"""Includes the URLs of every room."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("", include("videos.accounts.urls")),
    path("", include("videos.gallery.urls")),
    path("", include("videos.create.urls")),
    path("", include("videos.clips.urls")),
    path("", include("videos.stacks.urls")),
    path("", include("videos.history.urls")),
    path("", include("videos.recipes.urls")),
    path("", include("videos.library.urls")),
    path("", include("videos.trash.urls")),
    path("", include("videos.usage.urls")),
    path("", include("videos.budgets.urls")),
    path("", include("videos.keys.urls")),
    path("", include("videos.hooks.urls")),
]
if settings.DEBUG_TOOLBAR:  # for development only, and installed only there
    urlpatterns.append(path("__debug__/", include("debug_toolbar.urls")))
handler404 = "videos.accounts.error_pages.not_here"
handler400 = "videos.accounts.error_pages.refused"
handler403 = "videos.accounts.error_pages.forbidden"
handler500 = "videos.accounts.error_pages.broken"
