"""The studio's own settings, for runs that are watched from outside.

The queue says which process is what. Deadlines of hours stay what they are: a run that a busy
machine draws out must not reach them. ``CHAOS_TASK=naive`` sends as nobody should;
``CHAOS_CLOCK`` is by how many seconds this host's clock is ahead."""

import os
from datetime import UTC, datetime, timedelta

import time_machine

from studio.settings import *  # noqa: F403
from studio.settings import DATABASES, DURATIONS, INSTALLED_APPS, LOGGING

DURATIONS |= {
    "video_deadline": 3600.0,
    "still_deadline": 3600.0,
    "stop_patience": 12.0,
}
LOGGING["loggers"]["django-q"] = {"level": "INFO"}
if os.environ.get("CHAOS_TASK") == "naive":
    INSTALLED_APPS = [*INSTALLED_APPS, "tests.chaos.naive.NaiveConfig"]
if ahead := os.environ.get("CHAOS_CLOCK"):
    time_machine.travel(datetime.now(UTC) + timedelta(seconds=float(ahead)), tick=True).start()
if lock_timeout := os.environ.get("CHAOS_LOCK_TIMEOUT"):
    DATABASES["default"]["OPTIONS"]["timeout"] = float(lock_timeout)
