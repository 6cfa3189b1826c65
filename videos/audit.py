"""What a person did, written into the one book. Kinds and numbers only: never a key, an
address or a prompt."""

from videos.models import Event, Team, User
from videos.models.clock import now


def note(
    team: Team | None, actor: User | None, verb: str, thing: object = None, **data: str | int | bool
) -> Event:
    """One line: ``actor`` (None: an operator's command) did ``verb`` (``key.added``) to ``thing`` (a row).
    ``team`` is None for what is of no team (who signed in)."""
    named = f"{thing._meta.model_name}:{thing.pk}" if thing is not None else ""
    return Event.objects.create(team=team, actor=actor, verb=verb, object=named, data=data, at=now())
