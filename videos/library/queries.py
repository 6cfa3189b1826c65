"""Reads the pictures and short videos of a team, each once: newest first, a page at a time by keyset, with
the number of generations made from them. The number of queries is constant."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse

from videos import access, cards, labels
from videos.media.present import is_present
from videos.models import Job, JobPicture, Membership, Output, Upload
from videos.search import find
from videos.states import State

PAGE = 24
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FILMS = Q(media_type__startswith="video/")
KINDS = {"all": Q(), "pictures": ~FILMS, "videos": FILMS, "trash": Q()}


@dataclass(frozen=True, slots=True)
class Entry:
    """One upload. ``file`` is its address, ``shown`` the address of the picture that stands for it;
    ``until``: when it is deleted for good (None: not in the trash, or in use); ``changes``: what was done
    to it when it was uploaded; ``missing``: its file is no longer in the store."""

    upload: Upload
    file: str
    shown: str
    length: str
    clips: int
    until: datetime | None
    changes: str
    missing: bool


@dataclass(frozen=True, slots=True)
class Page:
    entries: list[Entry]
    older: str  # the cursor of what comes after, or empty


def page(member: Membership, kind: str, words: str, cursor: str = "") -> Page:
    """One page, in two queries. A cursor that cannot be read counts as none."""
    rows = matching_uploads(member, kind, words)
    if at := read_cursor(cursor):
        # This shape walks the index; see videos/history/queries.py.
        rows = rows.filter(brought_at__lte=at[0]).filter(Q(brought_at__lt=at[0]) | Q(pk__lt=at[1]))
    found = list(rows.select_related("created_by").order_by("-brought_at", "-pk")[: PAGE + 1])
    used = uses(member, found)
    older = write_cursor(found[PAGE - 1]) if len(found) > PAGE else ""
    return Page([entry(member, upload, used.get(upload.pk, 0)) for upload in found[:PAGE]], older)


def matching_uploads(member: Membership, kind: str, words: str) -> QuerySet[Upload]:
    """The uploads of this kind whose names match the words."""
    rows = access.uploads_known(member).filter(trashed_at__isnull=kind != "trash")
    return rows.filter(find.name_filter(words), KINDS[kind])


def uses(member: Membership, found: list[Upload]) -> dict[int, int]:
    """How many generations were made from each upload."""
    rows = JobPicture.objects.filter(upload__in=found, job__team=member.team).order_by()
    return dict(rows.values_list("upload").annotate(count=Count("job", distinct=True)))


def entry(member: Membership, upload: Upload, clips: int) -> Entry:
    address = [member.team.slug, upload.pk]
    film = upload.media == "video"
    never_deleted = upload.trashed_at is None or clips
    return Entry(
        upload=upload,
        file=reverse("upload_file", args=address),
        shown=reverse("upload_poster" if film else "upload_file", args=address),
        length=cards.duration(upload.seconds or 0) if film else "",
        clips=clips,
        until=None if never_deleted else upload.trashed_at + timedelta(days=settings.TRASH_DAYS),
        changes=labels.picture_changes(upload.notes),
        missing=not is_present(upload),
    )


# --- what was made from one, and what may become one -----------------------------


def made_from(member: Membership, upload: Upload, before: str = "") -> tuple[list[Job], str]:
    """A page of the generations that used the upload, newest first, and the cursor of the next page."""
    used = JobPicture.objects.filter(job=OuterRef("pk"), upload=upload)
    return _jobs(cards.with_cards(access.clips_for(member).filter(Exists(used))), before)


def clips(member: Membership, before: str = "") -> tuple[list[Job], str]:
    """A page of the finished generations, each with the outputs that could be used as pictures."""
    stored = Output.objects.filter(state="stored").exclude(file="").defer("url_sealed")
    rows = access.clips_for(member).filter(state=State.SUCCEEDED).select_related("prompt", "team")
    rows = rows.defer("body_sealed", "hint", "ticket")
    return _jobs(rows.prefetch_related(Prefetch("outputs", stored, to_attr="shown_outputs")), before)


def _jobs(rows: QuerySet[Job], before: str) -> tuple[list[Job], str]:
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: PAGE + 1])
    return found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else ""


# --- cursors: microseconds and id, exact ----------------------------------------


def write_cursor(upload: Upload) -> str:
    return f"{(upload.brought_at - EPOCH) // timedelta(microseconds=1)}.{upload.pk}"


def read_cursor(text: str) -> tuple[datetime, int] | None:
    micros, dot, pk = text.partition(".")
    if not (dot and micros.isdecimal() and pk.isdecimal() and len(micros) <= 17 and len(pk) <= 18):
        return None
    return EPOCH + timedelta(microseconds=int(micros)), int(pk)
