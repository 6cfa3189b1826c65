"""Empties the trash: what lay in it for STUDIO_TRASH_DAYS loses its files for good.

What stays is what the accounts need: the job with its attempts and its history, its money, and the
words, which the team shares. What goes: the films, the sealed request, the vendor's links and raw
callbacks, the links between the job and its pictures. A picture or a template stays for as long as there
is a generation, in the trash or not, that was made from it. Every row is purged in one fenced write, so
that two purges at once, or a person who takes it out of the trash at that moment, cannot both win."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from videos import leases
from videos.jobs.retention import unused
from videos.jobs.transitions import By, Overtaken, record, touch
from videos.media.store import Store
from videos.models import Draft, Job, JobPicture, Recipe, RecipeAnswers, Upload, clock
from videos.states import ENDED

PER_RUN = 500  # rows of each kind; the next run comes an hour later
EVERY_FILE = 86_400  # seconds between two walks over every file there is


@dataclass(frozen=True, slots=True)
class Purged:
    """How many generations and pictures lost their files, how many templates were deleted, and the bytes
    freed."""

    jobs: int
    uploads: int
    recipes: int
    bytes: int


def purge(days: float | None = None) -> Purged:
    """Purge what has been in the trash for ``days`` (else STUDIO_TRASH_DAYS), and delete the files that no
    row names any more."""
    owner = f"purge-{os.uname().nodename[:20]}-{os.getpid()}-{time.monotonic_ns():x}"[:64]
    since = clock.now() - timedelta(days=settings.TRASH_DAYS if days is None else days)
    released_files: list[str] = []
    jobs = sum(_purge_job(job, since, released_files) for job in purgeable_jobs(since)[:PER_RUN])
    uploads = sum(
        _purge_upload(upload, since, released_files) for upload in purgeable_uploads(since)[:PER_RUN]
    )
    recipes = sum(_purge_recipe(recipe, since) for recipe in purgeable_recipes(since)[:PER_RUN])
    freed = unused.remove_unused(dict.fromkeys(released_files), owner)
    if leases.take("every-file", owner, EVERY_FILE):  # never given back: it runs out in a day
        freed += sweep(owner)
    return Purged(jobs, uploads, recipes, freed)


def purgeable_jobs(since: datetime) -> QuerySet[Job]:
    """Ended jobs in the trash since before ``since``: what a vendor still works on, or a person still has
    to decide, stays until it is settled."""
    rows = Job.objects.filter(trashed_at__lt=since, purged_at=None, state__in=ENDED)
    return rows.filter(lease_owner="").defer("body_sealed").order_by("trashed_at")


def purgeable_uploads(since: datetime) -> QuerySet[Upload]:
    """Pictures in the trash since before ``since`` that no job uses and no draft names."""
    used = JobPicture.objects.filter(upload=OuterRef("pk"))
    held: set[int] = set()
    for content in Draft.objects.values_list("content", flat=True):
        held.update(_numbers(content))
    return Upload.objects.filter(~Exists(used), trashed_at__lt=since).exclude(pk__in=held).order_by("pk")


def purgeable_recipes(since: datetime) -> QuerySet[Recipe]:
    """Templates in the trash since before ``since`` from which no unpurged job was made."""
    made = Job.objects.filter(recipe__recipe=OuterRef("pk"), purged_at=None)
    return Recipe.objects.filter(~Exists(made), trashed_at__lt=since).order_by("pk")


def _numbers(content: object) -> Iterator[int]:
    """Every whole number in a draft, whose content may have any shape. A number that is no picture's id
    only keeps a picture a little longer than needed."""
    if isinstance(content, dict):
        content = list(content.values())
    if isinstance(content, list):
        for value in content:
            yield from _numbers(value)
    elif isinstance(content, int) and abs(content) < 2**63:
        yield content


def sweep(owner: str) -> int:
    """Delete every file that no row names, such as those of a purge that died half way; the bytes freed."""
    kept: set[str] = set()
    for model, column in unused.NAMED_BY:
        kept.update(model.objects.values_list(column, flat=True).iterator())
    names = (name for name in unused.names(Store(settings.MEDIA)) if name not in kept)
    return unused.remove_unused(names, owner)


def _purge_job(job: Job, since: datetime, released_files: list[str]) -> bool:
    """Purge one job; the names of its files are added to ``released_files``. False where another writer
    changed it first."""
    names = [name for pair in job.outputs.values_list("file", "poster") for name in pair if name]
    try:
        with transaction.atomic():
            touch(
                job, purged_at=clock.now(), body_sealed=b"", callback_hash=None, next_at=None,
                ticket={}, hint={}, hint_task_id="",
            )  # fmt: skip
            job.outputs.update(state="purged", file="", poster="", url_sealed=b"", etag="")
            job.pictures.all().delete()
            job.callbacks.all().delete()
            record(job, "job.purged", By(worker="purge"), data={"files": len(names)})
    except Overtaken:
        return False
    released_files += names
    return True


def _purge_upload(upload: Upload, since: datetime, released_files: list[str]) -> bool:
    """Delete one picture's row. False where it was restored, uploaded again, or used, meanwhile."""
    try:
        with transaction.atomic():
            if not purgeable_uploads(since).filter(pk=upload.pk).delete()[0]:
                return False
    except IntegrityError:
        return False  # a job began to use it at this moment
    released_files += [name for name in (upload.file, upload.poster) if name]
    return True


def _purge_recipe(recipe: Recipe, since: datetime) -> bool:
    """Delete a template, with its versions and what people last typed into its gaps. False where it was
    restored, or something was made from it, meanwhile."""
    try:
        with transaction.atomic():
            held = purgeable_recipes(since).select_for_update().filter(pk=recipe.pk).first()
            if held is None:
                return False
            RecipeAnswers.objects.filter(team=held.team_id, of=str(held.pk)).delete()
            held.delete()
    except IntegrityError:
        return False  # a job began to name a version of it at this moment
    return True
