"""Which jobs a look is due for."""

from django.db.models import Q, QuerySet

from videos.models import Job, clock
from videos.states import OBSERVED, State


def due() -> QuerySet[Job]:
    """To ask about now: accepted jobs, and ended or unknown ones of which somebody has news."""
    watched = Q(state__in=OBSERVED) | (Q(state=State.UNKNOWN) & ~Q(hint_task_id=""))
    watched |= Q(state__in=[State.LOST, State.FAILED], vendor_task_id__isnull=False) & ~Q(key__sealed=b"")
    return Job.objects.filter(watched, next_at__lte=clock.now())
