"""The studio with django-q2 and Django as they come: what our queue settings are held against.
The number of workers is ours, because it is not what is compared."""

from studio.settings import *  # noqa: F403
from studio.settings import DATABASES, Q_CLUSTER

Q_CLUSTER = {"name": "studio", "orm": "default", "workers": Q_CLUSTER["workers"], "ALT_CLUSTERS": {}}
DATABASES = {"default": DATABASES["default"] | {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False}}
