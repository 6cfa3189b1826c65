"""What arrived at a callback address: kept sealed, since it names result addresses and may
repeat our own, and opened here only."""

import hashlib
from datetime import datetime

from videos import vault
from videos.models import CallbackDelivery, Job

# Per job. Who holds a token may send as often as the door allows; a vendor sends a handful.
KEPT = 50


def keep(job: Job, body: bytes, at: datetime) -> bool:
    """Store ``body``, which came ``at``; False where as much as is kept of one job is there already.
    Raises IntegrityError for a body that came before."""
    if CallbackDelivery.objects.filter(job=job).count() >= KEPT:
        return False
    CallbackDelivery.objects.create(
        job=job,
        body_sealed=vault.seal(body, kind="callback", job=str(job.public_id)),
        body_sha256=hashlib.sha256(body).hexdigest(),
        received_at=at,
    )
    return True


def opened(delivery: CallbackDelivery) -> bytes:
    """The body as it came, or KeyUnreadable."""
    return vault.unseal(delivery.body_sealed, kind="callback", job=str(delivery.job.public_id))


def bodies(job: Job) -> list[bytes]:
    """Every body that is kept of ``job``, the newest first. Those that were kept before bodies
    were sealed are empty, and left out. Raises KeyUnreadable."""
    kept = job.callbacks.exclude(body_sealed=b"").select_related("job").order_by("-pk")
    return [opened(delivery) for delivery in kept]
