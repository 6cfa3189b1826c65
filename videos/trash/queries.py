"""Reads what lies in the trash of a team, newest first, a page at a time by keyset."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Prefetch, Q
from django.urls import reverse

from videos import access, labels
from videos.models import Job, Membership, Output

PAGE = 24
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """One generation in the trash. ``until``: when its files are deleted; None while its money is not
    settled, because it is kept until then. ``poster`` is an address or empty."""

    job: Job
    model: str
    poster: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    entries: list[Entry]
    older: str  # the cursor of what comes after, or empty


def page(member: Membership, cursor: str = "") -> Page:
    """One page, in three queries. A cursor that cannot be read counts as none."""
    pictured = Output.objects.filter(state="stored").exclude(poster="").defer("url_sealed")
    rows = (
        access.trash_for(member)
        .select_related("user", "prompt")
        .defer("body_sealed", "ticket", "hint")
        .prefetch_related(Prefetch("outputs", pictured, to_attr="pictured"))
        .order_by("-trashed_at", "-pk")
    )
    if at := read_cursor(cursor):
        # This shape walks the index; see videos/history/queries.py.
        rows = rows.filter(trashed_at__lte=at[0]).filter(Q(trashed_at__lt=at[0]) | Q(pk__lt=at[1]))
    found = list(rows[: PAGE + 1])
    older = write_cursor(found[PAGE - 1]) if len(found) > PAGE else ""
    return Page([entry(member, job) for job in found[:PAGE]], older)


def entry(member: Membership, job: Job) -> Entry:
    first = job.pictured[0] if job.pictured else None
    return Entry(
        job=job,
        model=labels.model_name(job.model),
        poster=reverse("clip_poster", args=[member.team.slug, job.public_id, first.n]) if first else "",
        until=job.gone_at,
    )


# --- cursors: microseconds and id, exact ----------------------------------------


def write_cursor(job: Job) -> str:
    return f"{(job.trashed_at - EPOCH) // timedelta(microseconds=1)}.{job.pk}"


def read_cursor(text: str) -> tuple[datetime, int] | None:
    micros, dot, pk = text.partition(".")
    if not (dot and micros.isdecimal() and pk.isdecimal() and len(micros) <= 17 and len(pk) <= 18):
        return None
    return EPOCH + timedelta(microseconds=int(micros)), int(pk)
