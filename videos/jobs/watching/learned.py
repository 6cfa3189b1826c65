"""What this studio's own jobs taught: how long a model takes. Kept in memory for a
minute; a pooled guess until there is something to learn from."""

from django.conf import settings
from django.core.cache import caches

from videos.jobs import pacing
from videos.models import Job

KEEP_FOR = 60
SAMPLES = 200
GUESS = {"video": 90.0, "still": 30.0}


def shape(job: Job) -> tuple[str, bool, str, int]:
    """What completion times are learned by: model, kind of key, resolution, length."""
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
        rows = rows.exclude(body_sha256="").order_by("-id")  # nobody here saw how long those took
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
    key = "hazard:" + ":".join(str(part) for part in shape(job)).replace(" ", "_")
    known = caches["local"].get(key)
    if known is None:
        guess = GUESS[job.medium] / settings.TIME_SCALE
        known = pacing.learn(times(*shape(job)), median=guess)
        caches["local"].set(key, known, KEEP_FOR)
    return known
