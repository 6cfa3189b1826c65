"""Renders one generation as a card. Every page and every live reply shows the same HTML, made here from
templates/gallery/_card.html.

Rendering is what a gallery costs, not the query (bench/). So a finished card is cached in this process,
under everything that its text depends on; a waiting card counts seconds and is rendered anew each time.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe

from videos import access, labels, words
from videos.media.present import is_present
from videos.models import Job, Membership, Output
from videos.models.clock import now
from videos.states import State

CACHE_MOST = 4000
_cache: dict[tuple, SafeString] = {}
COUNTED_FROM = {State.QUEUED: "created_at", State.SUBMITTING: "created_at"}


def with_cards(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """Selects what a card reads, in two queries for any number of jobs."""
    stored = Output.objects.filter(kind__in=("video", "still")).defer("url_sealed")
    return (
        jobs.select_related("user", "prompt", "team", "key")
        .defer("body_sealed", "hint", "ticket")
        .prefetch_related(Prefetch("outputs", stored, to_attr="shown_outputs"))
    )


def cards(jobs: Iterable[Job], member: Membership) -> list[SafeString]:
    """The cards of several jobs (from ``with_cards``)."""
    return [card(job, member) for job in jobs]


def card(job: Job, member: Membership) -> SafeString:
    """The card's HTML as ``member`` may see it. ``job`` comes from ``with_cards``."""
    may_make, spends, other_key = (
        access.can(member, "make"),
        access.can(member, "spend"),
        replacement(job, member),
    )
    key = (
        job.public_id,
        job.version,
        job.trashed_at,
        job.stopped_at,
        translation.get_language(),
        timezone.get_current_timezone_name(),
        may_make,
        spends,
        other_key,
        len(outputs_here(job)),
    )
    return cached(
        None if job.unfinished else key,
        lambda: get_template("gallery/_card.html").render(
            {
                "card": Card.of(job, now(), amounts=spends),
                "may_make": may_make,
                "replacement": other_key,
            }
        ),
    )


def replacement(job: Job, member: Membership) -> str:
    """The page where this person can replace the key that the job waits for; empty where they may not or it
    does not wait for one."""
    if job.waiting_for != "key" or job.key.trashed_at or not access.may_change(member, job.key):
        return ""
    return reverse("key_replace", args=[job.team.slug, job.key_id])


def cached(key: tuple | None, make: Callable[[], SafeString]) -> SafeString:
    """The HTML that ``make`` returns, or returned the last time for this ``key``. ``key`` None: the card
    changes by itself and is not cached."""
    if key in _cache:
        return _cache[key]
    html = make()
    if key is not None:
        if len(_cache) >= CACHE_MOST:
            _cache.clear()
        _cache[key] = html
    return html


def outputs_to_show(job: Job) -> list[Output]:
    """The outputs of ``job`` (from ``with_cards``) that can be shown: they are stored, and their files are
    in the store."""
    stored = [output for output in job.shown_outputs if output.state == "stored" and output.file]
    return [output for output in stored if is_present(output)]


def outputs_here(job: Job) -> list[Output]:
    """The outputs that can be shown, and after them those that are kept but could not be opened."""
    unchecked = [output for output in job.shown_outputs if output.state == "unchecked" and output.file]
    return [*outputs_to_show(job), *(output for output in unchecked if is_present(output))]


def missing(job: Job) -> bool:
    """Whether the job succeeded, and since then the files of all its outputs have disappeared from the
    store."""
    here = outputs_here(job) if job.shown_state == "unchecked" else outputs_to_show(job)
    return bool(job.state == State.SUCCEEDED and job.purged_at is None and job.shown_outputs and not here)


def state(job: Job) -> str:
    """The value of ``data-state``: a job whose files are missing is styled as one that failed."""
    return "failed" if missing(job) else job.shown_state


def say_of(job: Job, at: datetime, *, amounts: bool) -> words.CardText:
    """The sentences on the card of ``job``. Where its files are missing, which no column of its row says,
    that is the sentence."""
    if missing(job):
        return words.missing_file_text(job, amounts=amounts)
    return words.card_text(job, at, amounts=amounts)


def in_place(html: SafeString) -> SafeString:
    """Marks the card as an out-of-band swap of htmx, so that it replaces the older card in the page."""
    return mark_safe(html.replace("<article ", '<article hx-swap-oob="true" ', 1))


@dataclass(frozen=True, slots=True)
class Film:
    """The picture or film on a card. ``bars``: the colour beside a picture that is not 16:9."""

    url: str
    poster: str
    length: str
    sound: bool
    still: bool
    bars: str
    width: int
    height: int

    @classmethod
    def of(cls, job: Job, output: Output) -> "Film":
        address = [job.team.slug, job.public_id, output.n]
        wide = bool(output.width and output.height) and abs(output.width / output.height - 16 / 9) < 0.02
        return cls(
            url=reverse("clip_file", args=address),
            poster=reverse("clip_poster", args=address) if output.poster else "",
            length=duration(output.seconds) if output.kind == "video" and output.seconds else "",
            sound=bool(output.audio_codec),
            still=output.kind == "still",
            bars="" if wide else output.bars,
            width=output.width or 16,
            height=output.height or 9,
        )


@dataclass(frozen=True, slots=True)
class Card:
    """Everything that the template prints, computed before it runs."""

    job: Job
    state: str
    hex: str
    url: str
    film: Film | None
    count: int
    model: str
    say: words.CardText
    estimate: str
    since: datetime | None
    elapsed: str
    percent: int | None
    download: str  # of what is here and cannot be shown

    @classmethod
    def of(cls, job: Job, at: datetime, *, amounts: bool) -> "Card":
        shown = outputs_to_show(job)
        unshown = [] if shown else outputs_here(job)
        since, say = waiting_since(job), say_of(job, at, amounts=amounts)
        return cls(
            job=job,
            state=state(job),
            hex=job.public_id.hex,
            url=reverse("clip", args=[job.team.slug, job.public_id]),
            film=Film.of(job, shown[0]) if shown else None,
            count=len(shown),
            model=labels.model_name(job.model).partition(" (")[0],
            say=say,
            estimate=estimate(job, say),
            since=since,
            elapsed=duration((at - since).total_seconds()) if since else "",
            download=reverse("clip_download", args=[job.team.slug, job.public_id, unshown[0].n])
            if unshown
            else "",
            percent=download_percent(job) if job.state == State.DOWNLOADING else job.percent,
        )


def estimate(job: Job, say: words.CardText) -> str:
    """How long the job usually takes; empty where there is something more important to say about it."""
    if job.state == State.RUNNING and say.text:
        return ""
    return words.estimate(job) if job.shown_state in ("queued", "making") else ""


def waiting_since(job: Job) -> datetime | None:
    """The moment from which the card counts seconds: the press, or the vendor's acceptance once it was
    sent. None where no seconds are counted."""
    if job.kind.endswith("_stays"):  # the card says why it stays, not for how long
        return None
    if job.state == State.DOWNLOADING or job.shown_state not in ("queued", "making", "late"):
        return None
    return job.created_at if job.state in COUNTED_FROM else job.sent_at or job.created_at


def download_percent(job: Job) -> int | None:
    """How much of the files has arrived, in per cent; None while their size is unknown."""
    expected = sum(output.expected or 0 for output in job.shown_outputs)
    received = sum(output.received for output in job.shown_outputs)
    return min(100, received * 100 // expected) if expected else None


def duration(seconds: float) -> str:
    """``0:05``, ``12:40``, ``1:02:03``."""
    whole = max(0, round(seconds))
    hours, rest = divmod(whole, 3600)
    minutes = f"{rest // 60}:{rest % 60:02d}"
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else minutes
