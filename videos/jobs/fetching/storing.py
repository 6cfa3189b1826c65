"""Decides what becomes of the bytes that arrived for a paid job: they are checked, named by their hash
and kept.

A file that cannot be opened is kept as well, because it was paid for: its Output is then ``unchecked``.
It can be downloaded, it is never shown, played or sent on, and ``check_again`` opens it after an update.
What is not kept: a file beyond the limit (the download stops), one without a byte, and the page of a
gateway that was sent in its place.

A file that may arrive better the next time is held meanwhile: the Output is ``waiting`` and has a file
of the type ``HELD_TYPE``, so that nothing is lost if the link dies before the next try."""

import logging
import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from django.conf import settings
from django.db import transaction

from videos.jobs.fetching import arrived
from videos.jobs.transitions import By, record, touch
from videos.media.probe import BadMedia, Facts, probe
from videos.media.shape import is_page
from videos.media.store import Store
from videos.models import Job, Output, clock
from videos.network.download import Downloaded
from videos.vendors import registry

log = logging.getLogger(__name__)
UNCHECKED = "unchecked"  # Output.state, and Job.kind where nothing of a job can be shown
HELD_TYPE = "application/octet-stream"
HELD_SUFFIX = ".bin"
# Verdicts about a file that is whole: fetching it again brings the same file.
FINAL_REASONS = frozenset({"codec", "fps", "seconds", "size", "tracks"})


def keep(output: Output, store: Store, part: Path, got: Downloaded) -> None:
    """Check the file in ``part``, make its poster, name both by their bytes, and only then write that it is
    stored. Raises BadMedia where it cannot be shown and another try may bring a better one; what came is
    held until then."""
    poster_part = part.with_suffix(".poster")
    try:
        facts = probe(part, output.kind, poster_path=poster_part)
        suffix, _type = arrived.file_type(facts)
        name = store.keep(part, got.sha256, suffix)
        poster = _poster(store, poster_part)
    except BadMedia as error:
        if error.reason == "empty" or is_page(part):
            raise
        again = may_come_better(output, got.sha256, error.reason)
        _hold(output, store, part, got)
        if again:
            raise
        output.why, output.detail = "invalid", error.reason
        end_tries(output)
    else:
        output.sha256 = got.sha256
        _fill_stored(output, facts, name, poster)
    finally:
        poster_part.unlink(missing_ok=True)
    _write(output)


def may_come_better(output: Output, sha256: str, reason: str) -> bool:
    """Whether fetching it again may bring another file. A film cut short may still be on its way to the
    vendor's storage, and is tried as often as there are tries; anything else that arrives twice with the
    same bytes is what the vendor has."""
    if reason in FINAL_REASONS:
        return False
    return reason == "truncated" or not (held(output) and output.sha256 == sha256)


def held(output: Output) -> bool:
    """Whether the output holds bytes that could not be opened."""
    return bool(output.file) and output.media_type == HELD_TYPE


def end_tries(output: Output) -> None:
    """End the tries of an output: with held bytes it becomes unchecked, without any it is dead."""
    if held(output):
        if output.why != "invalid":
            output.why, output.detail = "invalid", ""  # the reason of the last try is not about this file
        output.state, output.stored_at = UNCHECKED, clock.now()
        log.warning("output %s of job %s is kept unchecked: %s", output.n, output.job, output.detail)
    else:
        output.state = "dead"


def give_up(job: Job, why: str = "") -> None:
    """End the tries of every output of ``job`` that is still waiting."""
    for output in job.outputs.filter(state="waiting").defer("url_sealed"):
        output.job, output.why = job, why or output.why
        end_tries(output)
        output.save(update_fields=["state", "why", "detail", "stored_at"])


def check_again(job: Job, by: By, writing: Callable[[], AbstractContextManager]) -> bool:
    """Open once more what could not be opened. What opens now becomes an ordinary clip; False where nothing
    does. ``writing``: makes the transaction in which that is written. Raises Overtaken where somebody
    changed the job meanwhile, and OSError for a fault of this machine (such as a file that is gone)."""
    store, opened, still = Store(settings.MEDIA), [], {}
    for output in job.outputs.filter(state=UNCHECKED).defer("url_sealed"):
        output.job = job
        try:
            _open(output, store)
            opened.append(output)
        except BadMedia as error:
            still[output.pk] = error.reason
    with writing():
        shown = opened or job.outputs.filter(state="stored").exclude(kind="last_frame").exists()
        touch(job, kind="" if shown else UNCHECKED)
        for output in opened:
            output.save()
        for pk, reason in still.items():
            Output.objects.filter(pk=pk).update(why="invalid", detail=reason)
        if opened:
            record(job, "job.checked_again", by, data={"shown": len(opened)})
    return bool(opened)


def _open(output: Output, store: Store) -> None:
    """Open an unchecked output and fill its columns. Its file gets a second name, by its type; the first
    one stays until no row has it (videos/jobs/retention/unused.py). Raises BadMedia."""
    poster_part = store.part(f"{os.getpid()}-{time.monotonic_ns()}", output.job.public_id, output.n)
    try:
        facts = probe(store.path(output.file), output.kind, poster_path=poster_part)
        suffix, _type = arrived.file_type(facts)
        name, poster = store.add_name(output.file, suffix), _poster(store, poster_part)
    finally:
        poster_part.unlink(missing_ok=True)
    _fill_stored(output, facts, name, poster)


def _hold(output: Output, store: Store, part: Path, got: Downloaded) -> None:
    """Keep the bytes, unless better ones are known: a longer file that is held already, or a film that was
    shown here once and may be put back from a backup (its row keeps its name)."""
    if output.file and not (held(output) and got.bytes >= output.bytes):
        part.unlink(missing_ok=True)
        return
    output.file = store.keep(part, got.sha256, HELD_SUFFIX)
    output.media_type, output.sha256 = HELD_TYPE, got.sha256
    output.bytes = output.received = got.bytes
    _write(output)


def _fill_stored(output: Output, facts: Facts, name: str, poster: str) -> None:
    """Set the columns of a stored output from what the probe found; nothing is written yet."""
    output.file, output.poster, output.media_type = name, poster, arrived.file_type(facts)[1]
    output.bytes = output.received = facts.bytes
    output.width, output.height, output.bars = facts.width, facts.height, facts.color
    output.seconds, output.fps = facts.seconds or None, facts.fps or None
    output.video_codec, output.audio_codec = facts.video_codec[:30], facts.audio_codec[:30]
    if output.kind != "last_frame":
        model = registry.MODELS.get(output.job.model)  # None where this version no longer has it
        output.differs = arrived.differences(output.job.options | dict(model.fixed if model else {}), facts)
    output.state, output.why, output.detail, output.stored_at = "stored", "", "", clock.now()


def _poster(store: Store, part: Path) -> str:
    return store.put(part.read_bytes(), ".jpg") if part.exists() else ""


def _write(output: Output) -> None:
    """Save the row, only while this worker has the job. Raises Overtaken."""
    with transaction.atomic():
        touch(output.job, lease_owner=output.job.lease_owner, lease_until=output.job.lease_until)
        output.save()
