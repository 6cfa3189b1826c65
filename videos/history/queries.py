"""Reads the prompts of a team, each once, the most recently used first: five queries for any number of
prompts."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from videos import access
from videos.days import midnight
from videos.models import Job, Membership, Output, Prompt
from videos.search.find import prompt_filter
from videos.states import UNFINISHED, State

PAGE = 24
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NEVER_TRIED = (*UNFINISHED, State.CANCELED)


@dataclass(frozen=True, slots=True)
class Entry:
    """One prompt. ``made`` of ``tried`` generations succeeded; ``going`` are under way. ``poster`` is an
    address or empty; ``last`` is its newest generation."""

    prompt: Prompt
    last: Job
    made: int
    tried: int
    going: int
    poster: str


@dataclass(frozen=True, slots=True)
class Page:
    entries: list[Entry]
    older: str  # the cursor of what comes after, or empty


def prompts(member: Membership, asked: dict[str, object], cursor: str = "") -> Page:
    """One page of the prompts that the filters (``asked``: cleaned data of forms.FilterForm) let through,
    older than ``cursor``. A cursor that cannot be read counts as none."""
    mine = access.clips_for(member).filter(prompt=OuterRef("pk")).order_by("-pk")
    pictured = Output.objects.filter(job__prompt=OuterRef("pk"), job__trashed_at=None, state="stored")
    rows = matching_prompts(member, asked, read_cursor(cursor)).annotate(
        last=Subquery(mine.values("pk")[:1]),
        best=Subquery(pictured.exclude(poster="").order_by("-job", "n").values("pk")[:1]),
    )
    found = list(rows[: PAGE + 1])
    older = write_cursor(found[PAGE - 1]) if len(found) > PAGE else ""
    return Page(_entries(member, found[:PAGE]), older)


def matching_prompts(
    member: Membership, asked: dict[str, object], at: tuple[datetime, int] | None = None
) -> QuerySet[Prompt]:
    """The prompts that match, the most recently used first, after the row at ``at`` (when it was used, its
    id)."""
    text = prompt_filter(str(asked.get("q") or ""))
    rows = access.prompts_for(member).filter(Exists(_uses(member, asked)), text)
    if at is not None:
        used_at, pk = at
        # This shape walks the index (team, -used_at, -id); "a < x OR (a = x AND id < y)"
        # reads everything before the page: 60 times slower at a million rows.
        rows = rows.filter(used_at__lte=used_at).filter(Q(used_at__lt=used_at) | Q(pk__lt=pk))
    return rows.order_by("-used_at", "-pk")


def _uses(member: Membership, asked: dict[str, object]) -> QuerySet[Job]:
    """The generations of a prompt that match the filters: a prompt with none of these is not listed."""
    jobs = access.clips_for(member).filter(prompt=OuterRef("pk"))
    for field, name in (("user", "person"), ("vendor", "vendor"), ("project", "project")):
        if asked.get(name):
            jobs = jobs.filter(**{field: asked[name]})
    if asked.get("since"):
        jobs = jobs.filter(created_at__gte=midnight(asked["since"]))
    if asked.get("until"):
        jobs = jobs.filter(created_at__lt=midnight(asked["until"] + timedelta(days=1)))
    return jobs


def _entries(member: Membership, found: list[Prompt]) -> list[Entry]:
    shown = access.clips_for(member).filter(prompt__in=found).order_by()
    counts = {
        row["prompt"]: row
        for row in shown.values("prompt").annotate(
            made=Count("pk", filter=Q(state=State.SUCCEEDED)),
            tried=Count("pk", filter=~Q(state__in=NEVER_TRIED)),
            going=Count("pk", filter=Q(state__in=UNFINISHED)),
        )
    }
    newest = Job.objects.select_related("user", "project").defer("body_sealed")
    last = newest.in_bulk([prompt.last for prompt in found])
    pictures = Output.objects.select_related("job").defer("url_sealed", "job__body_sealed")
    best = pictures.in_bulk([prompt.best for prompt in found if prompt.best])
    return [
        Entry(
            prompt=prompt,
            last=last[prompt.last],
            made=counts[prompt.pk]["made"],
            tried=counts[prompt.pk]["tried"],
            going=counts[prompt.pk]["going"],
            poster=_poster(member, best.get(prompt.best)),
        )
        for prompt in found
    ]


def _poster(member: Membership, output: Output | None) -> str:
    if output is None:
        return ""
    return reverse("clip_poster", args=[member.team.slug, output.job.public_id, output.n])


# --- cursors: microseconds and id, exact ----------------------------------------


def write_cursor(prompt: Prompt) -> str:
    return f"{(prompt.used_at - EPOCH) // timedelta(microseconds=1)}.{prompt.pk}"


def read_cursor(text: str) -> tuple[datetime, int] | None:
    micros, dot, pk = text.partition(".")
    if not (dot and micros.isdecimal() and pk.isdecimal() and len(micros) <= 17 and len(pk) <= 18):
        return None
    return EPOCH + timedelta(microseconds=int(micros)), int(pk)
