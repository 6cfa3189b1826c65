"""A server of one long sound, for a real player. Importing it changes Django's settings: it runs in a
process of its own, and no test imports it."""

import os
from pathlib import Path

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.urls import path

from videos.media.serve import serve


def sound(request):
    return serve(request, Path(os.environ["SERVED_FILE"]), content_type="audio/wav", etag="abc")


def page(request):
    return HttpResponse("<!doctype html><title>x</title><video src='/sound' controls muted></video>")


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
urlpatterns = [path("sound", sound), path("", page), path("favicon.ico", page)]
django.setup()
settings.ROOT_URLCONF, settings.MIDDLEWARE = __name__, []  # the server is tried here, and not the studio
application = WSGIHandler()
