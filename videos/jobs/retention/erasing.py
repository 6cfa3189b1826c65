"""Erases the secret of a deleted key once no vendor has to be asked with it any more.

Until then it stays sealed in its row."""

from videos.models import Job, VendorKey
from videos.states import ENDED


def erase_settled(team_id: int | None = None) -> int:
    """Erase the secrets of deleted keys that no unfinished job needs, of one team or of all; how many.
    Safe to call at any time and twice."""
    rows = VendorKey.objects.exclude(trashed_at=None).exclude(sealed=b"")
    if team_id is not None:
        rows = rows.filter(team=team_id)
    needed = Job.objects.exclude(state__in=ENDED).values("key")
    return rows.exclude(pk__in=needed).update(sealed=b"")
