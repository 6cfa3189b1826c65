"""Signs of life, written by those who are alive (videos/models/alive.py reads them)."""

import os
from datetime import datetime

from videos.models import Heartbeat, clock


def beat(name: str, **data: object) -> None:
    Heartbeat.objects.update_or_create(
        name=name, defaults={"at": clock.now(), "host": os.uname().nodename[:80], "data": data}
    )


def last(name: str) -> datetime | None:
    return Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()
