"""Learns from this studio's own jobs how long a model takes.

What was read is kept in memory for a minute; until there are samples, one guess per medium stands in."""

from django.conf import settings
from django.core.cache import caches

from videos.jobs import pacing
from videos.models import Job

KEEP_FOR = 60  # seconds
SAMPLES = 200  # newest jobs of a shape
GUESS = {"video": 90.0, "still": 30.0}  # the median in seconds, before anything is known


def shape(job: Job) -> tuple[str, bool, str, int]:
    """What completion times are learned by: model, rehearsal or real, resolution, length in seconds."""
    return (
        job.model,
        job.rehearsal,
        str(job.options.get("resolution", "")),
        int(job.options.get("seconds") or 0),
    )


def times(model: str, rehearsal: bool, resolution: str, seconds: int) -> list[float]:
    """Seconds from accepted to made of the newest jobs of this shape, newest first."""
    key = f"times:{model}:{rehearsal}:{resolution}:{seconds}".replace(" ", "_")
    known = caches["local"].get(key)
    if known is None:
        rows = Job.objects.filter(model=model, rehearsal=rehearsal).exclude(made_at=None)
        rows = rows.exclude(body_sha256="").order_by("-id")  # not imported ones: their times are unknown
        rows = rows.values_list("accepted_at", "made_at", "options")[: SAMPLES * 2]
        known = [
            (made - accepted).total_seconds()
            for accepted, made, options in rows
            if accepted
            and str(options.get("resolution", "")) == resolution
            and int(options.get("seconds") or 0) == seconds
        ][:SAMPLES]
        caches["local"].set(key, known, KEEP_FOR)
    return known


def hazard(job: Job) -> pacing.Hazard:
    """The hazard of jobs of this shape, computed at most once a minute per process."""
    key = "hazard:" + ":".join(str(part) for part in shape(job)).replace(" ", "_")
    known = caches["local"].get(key)
    if known is None:
        guess = GUESS[job.medium] / settings.TIME_SCALE
        known = pacing.learn(times(*shape(job)), median=guess)
        caches["local"].set(key, known, KEEP_FOR)
    return known
