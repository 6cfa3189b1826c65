"""What a machine that watches us is told."""

from django.db import Error

from videos.models.heartbeats import quiet_since


def missing() -> list[str]:
    """What is not there, one word each; empty when all is well."""
    try:
        return [] if quiet_since() is None else ["worker"]
    except Error:
        return ["database"]
