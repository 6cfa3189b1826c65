"""Deletes, once an hour, what is no longer needed."""

from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django_q.models import Task

from videos.jobs.retention.erasing import erase_settled
from videos.jobs.retention.purge import purge
from videos.letters.sending import forget_old
from videos.media.store import Store
from videos.models import Event, clock

PART_FILES_KEPT = 86_400  # seconds; a running download writes its part file far more often
SIGN_INS_KEPT = timedelta(days=90)  # events of sign-ins; what teams did is kept for good
FAILED_TASKS_KEPT = timedelta(days=3)  # django-q2 keeps every failure for ever


def tidy() -> None:
    """Delete part files, old tasks, sessions and sign-ins, erase settled keys, and empty the trash."""
    Store(settings.MEDIA).clear_parts(PART_FILES_KEPT)
    Task.objects.filter(stopped__lt=clock.now() - FAILED_TASKS_KEPT).delete()
    Session.objects.filter(expire_date__lt=clock.now()).delete()
    Event.objects.filter(team=None, verb__startswith="signin.", at__lt=clock.now() - SIGN_INS_KEPT).delete()
    forget_old()
    erase_settled()
    purge()
