"""Limits how fast one person may spend, in whatever team: presses within a minute.

It is checked inside the transaction that spends, before that locks anything but the membership: the
person's row is locked here, so that of their presses at once, with whatever keys, each counts the one
before it."""

from django.conf import settings

from videos.models import Event, Job, User, clock
from videos.vendors.contract import Problem


def pace_problems(user: User, count: int = 1) -> list[Problem]:
    """The problem where ``count`` more presses would be too many; second requests of what may have been
    charged count as presses. Reads only as many jobs as are allowed."""
    most = settings.PRESSES_PER_MINUTE
    if not most:
        return []
    # no_key: rows that only point to this person can still be written; only presses wait.
    User.objects.select_for_update(no_key=True).filter(pk=user.pk).first()
    since = clock.later(-settings.DURATIONS["presses_window"])
    until = clock.later(60)  # later ones were pressed before the clock went back
    newest = Job.objects.filter(user=user).order_by("-pk").values_list("created_at", flat=True)[:most]
    again = Event.objects.filter(actor=user, verb="job.try_again", at__gt=since, at__lte=until)
    if sum(since < at <= until for at in newest) + again.count() + count > most:
        return [Problem("press", "too_many_presses", {"maximum": most})]
    return []
