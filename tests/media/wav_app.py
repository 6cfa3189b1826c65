"""A long film's stand-in, for a real player: an hour of silence, as sound that is not compressed."""

import os
import struct
from pathlib import Path

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.urls import path

from videos.media.serve import serve

RATE, SECONDS = 44_100, 600  # 106 MB: more than a player and both ends of a line hold


def write(file: Path) -> None:
    size = RATE * SECONDS * 4
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        36 + size,
        b"WAVE",
        b"fmt ",
        16,
        1,
        2,
        RATE,
        RATE * 4,
        4,
        16,
        b"data",
        size,
    )
    with file.open("wb") as out:
        out.write(head)
        out.truncate(len(head) + size)


def sound(request):
    return serve(request, Path(os.environ["SERVED_FILE"]), content_type="audio/wav", etag="abc")


def page(request):
    return HttpResponse("<!doctype html><title>x</title><video src='/sound' controls muted></video>")


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
urlpatterns = [path("sound", sound), path("", page), path("favicon.ico", page)]
django.setup()
settings.ROOT_URLCONF, settings.MIDDLEWARE = __name__, []  # the server is tried here, and not the studio
application = WSGIHandler()
