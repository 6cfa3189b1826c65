"""Finds the jobs that the vendor is to be asked about now."""

from django.db.models import Q, QuerySet

from videos.models import Job, clock
from videos.states import OBSERVED, State


def due() -> QuerySet[Job]:
    """Jobs whose ``next_at`` has come: accepted ones, UNKNOWN ones with a task id that somebody named, and
    lost or failed ones that a callback or a person made due."""
    watched = Q(state__in=OBSERVED) | (Q(state=State.UNKNOWN) & ~Q(hint_task_id=""))
    watched |= Q(state__in=[State.LOST, State.FAILED], vendor_task_id__isnull=False) & ~Q(key__sealed=b"")
    return Job.objects.filter(watched, next_at__lte=clock.now())
