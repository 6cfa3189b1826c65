"""Runs the studio with the defaults of django-q2 and Django, to compare our queue settings with.
Set here is only what the studio refuses to start without and what is not compared: the
number of workers, the times, its own defaults spelled out, a cache in memory for statistics."""

from studio.settings import *  # noqa: F403
from studio.settings import DATABASES, Q_CLUSTER

Q_CLUSTER = {
    "name": "studio", "orm": "default", "workers": Q_CLUSTER["workers"], "timeout": 90, "retry": 600,
    "queue_limit": 16, "bulk": 1, "cache": "local",
    "ALT_CLUSTERS": Q_CLUSTER["ALT_CLUSTERS"],
}  # fmt: skip
DATABASES = {"default": DATABASES["default"] | {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False}}
