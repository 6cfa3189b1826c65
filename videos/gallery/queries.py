"""Selects the generations that the gallery shows: newest first, a page at a time, by keyset.

The next page is what is older than the last card shown, so that nothing is counted and nothing skipped.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import Http404, QueryDict
from django.utils.translation import gettext_lazy as _

from videos import access
from videos.models import Job, Membership, Project
from videos.states import UNFINISHED, State

PAGE = 48
COUNT_LIMIT = 1000  # "1,000+": an exact count of a large team costs more than its page
TROUBLE = (State.FAILED, State.CANCELED, State.LOST, State.DOWNLOAD_FAILED)
USABLE = (State.SUCCEEDED, *UNFINISHED)
# name -> (what it is called, what belongs to it)
WALLS = {
    "usable": (_("Everything usable"), Q(state__in=USABLE)),
    "making": (_("In the making"), Q(state__in=UNFINISHED)),
    "mine": (_("Mine"), Q(state__in=USABLE)),
    "rehearsal": (_("Rehearsal"), Q(state__in=USABLE, rehearsal=True)),
    "failed": (_("Failed"), Q(state__in=TROUBLE)),
}


@dataclass(frozen=True, slots=True)
class Wall:
    """The filter and the page, as the address has them. ``before``: the last card of the page before."""

    show: str = "usable"
    project: Project | None = None
    before: Job | None = None
    page: int = 1

    @classmethod
    def asked(cls, member: Membership, query: QueryDict) -> "Wall":
        """Reads the address. Raises 404 for a filter or a card that is not this team's."""
        show = query.get("show", "usable")
        if show not in WALLS:
            raise Http404
        project, before = query.get("project"), query.get("before")
        page = query.get("page", "")[:5]  # page 1000 is the last; int() refuses 5,000 digits
        return cls(
            show=show,
            project=access.one(access.projects_known(member), pk=project) if project else None,
            before=access.one(access.clips_for(member).only("pk"), public_id=before) if before else None,
            page=min(int(page) if page.isdecimal() else 1, 1000),
        )

    def address(self, **more: object) -> str:
        """The query string of this filter, with some parts changed."""
        parts = {
            "show": self.show if self.show != "usable" else "",
            "project": self.project and self.project.pk,
        }
        return "?" + urlencode({name: value for name, value in (parts | more).items() if value})


def jobs_of(member: Membership, wall: Wall) -> QuerySet[Job]:
    """One job for each card: of a stack, the newest take that the filter finds."""
    which = WALLS[wall.show][1]
    if wall.show == "mine":
        which &= Q(user=member.user)
    if wall.project:
        which &= Q(project=wall.project)
    jobs = access.one_of_each_stack(access.clips_for(member), which)
    if wall.before:
        jobs = jobs.filter(pk__lt=wall.before.pk)
    return jobs.order_by("-pk")


def count_to_limit(jobs: QuerySet[Job]) -> int:
    """Counts the jobs, but not further than ``COUNT_LIMIT`` + 1."""
    return jobs.order_by()[: COUNT_LIMIT + 1].count()


def count_text(count: int) -> str:
    """The count as a chip shows it: ``1,000+`` above the limit."""
    return f"{COUNT_LIMIT:,}+" if count > COUNT_LIMIT else str(count)


def unfinished_of(member: Membership) -> QuerySet[Job]:
    """What is under way, one job of each stack."""
    return access.one_of_each_stack(access.clips_for(member), Q(state__in=UNFINISHED))


def failed_of(member: Membership) -> QuerySet[Job]:
    """What came to nothing, one job of each stack."""
    return access.one_of_each_stack(access.clips_for(member), Q(state__in=TROUBLE))
