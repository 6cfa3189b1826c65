"""How much of its storage a team has used. A team without a limit may fill the disk.

What stands in the way when it is full is what is new: pictures and generations. What was
paid for is always stored, so that a team may end a little above its limit."""

from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Sum

from videos.models import Output, Team, Upload
from videos.models.snapshot import of_one_moment

WARN = 80  # per cent
REMEMBERED = 60  # seconds; the warning may be late, a refusal counts anew


@dataclass(frozen=True, slots=True)
class Storage:
    """Bytes. Never made for a team without a limit."""

    used: int
    limit: int

    @property
    def percent(self) -> int:
        return self.used * 100 // self.limit if self.limit else 100

    @property
    def scarce(self) -> bool:
        return self.percent >= WARN

    @property
    def full(self) -> bool:
        return self.used >= self.limit


def storage(team: Team) -> Storage | None:
    """None where the team has no limit. The trash counts: it is on the disk."""
    return None if team.storage_limit is None else Storage(used(team.pk), team.storage_limit)


def full(team: Team) -> Storage | None:
    """The team's storage if nothing new may come, else None."""
    found = storage(team)
    return found if found and found.full else None


def warning(team: Team) -> Storage | None:
    """The same for a banner, from a minute's memory: every page asks."""
    if team.storage_limit is None:
        return None
    try:
        bytes_used = cache.get_or_set(f"storage:{team.pk}", lambda: used(team.pk), REMEMBERED)
    except OSError:  # a full disk: every page asks, and none breaks because it cannot be remembered
        bytes_used = used(team.pk)
    found = Storage(bytes_used, team.storage_limit)
    return found if found.scarce else None


@of_one_moment
def used(team_id: int) -> int:
    """Bytes of a team's films and pictures. Posters are left out: they are small, and most
    are shared."""
    made = Output.objects.filter(job__team=team_id).exclude(file="")
    brought = Upload.objects.filter(team=team_id)
    return sum(rows.aggregate(sum=Sum("bytes"))["sum"] or 0 for rows in (made, brought))
