"""A key that was taken away stays sealed while its vendor still has to be asked about
something, and is forgotten afterwards."""

from videos.models import Job, VendorKey
from videos.states import ENDED


def erase_settled(team_id: int | None = None) -> int:
    """Forgets the content of taken-away keys that nothing needs any more, of one team or
    of all; how many. Safe to call at any time and twice."""
    rows = VendorKey.objects.exclude(trashed_at=None).exclude(sealed=b"")
    if team_id is not None:
        rows = rows.filter(team=team_id)
    needed = Job.objects.exclude(state__in=ENDED).values("key")
    return rows.exclude(pk__in=needed).update(sealed=b"")
