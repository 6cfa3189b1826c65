"""Builds the contexts of the gallery's templates, except for the cards themselves (``videos/cards.py``)."""

import secrets
import uuid
from collections.abc import Mapping

from videos import access, cards, live, takes
from videos.gallery import queries
from videos.models import Job, Membership
from videos.states import State

LATE_NAMED_MOST = 5  # late results listed one by one; more would push the cards off the screen


def watched_jobs(member: Membership, text: str) -> list[Job]:
    """The jobs that a page says it watches, as they are now."""
    ids = list(live.read(text))
    return list(access.clips_for(member).filter(public_id__in=ids).order_by("-pk")) if ids else []


def cards_context(member: Membership, wall: queries.Wall) -> tuple[dict[str, object], list[Job]]:
    """A page of cards as its template shows them, and every job that these cards are about."""
    found = list(cards.with_cards(queries.jobs_of(member, wall))[: queries.PAGE + 1])
    shown, more = found[: queries.PAGE], len(found) > queries.PAGE
    stacks = takes.stacks(member, shown)
    context = {
        "member": member,
        "team": member.team,
        "wall": wall,
        "may_make": access.can(member, "make"),
        "cards": takes.draw(shown, member, stacks),
        "older": wall.address(before=shown[-1].public_id.hex, page=wall.page + 1) if more else "",
    }
    return context, takes.all_takes(shown, stacks)


def page_context(member: Membership, wall: queries.Wall, shown: list[Job]) -> dict[str, object]:
    """What the whole page shows beside its cards. ``shown``: every job that its cards are about."""
    return {
        "watch": live.Watch.over(shown),
        "mine": live.pending(shown, member),
        "act_token": secrets.token_urlsafe(16),
        "chips": chips(member, wall),
        "projects": list(access.projects_for(member)),
        "late": list(access.late_for(member).select_related("prompt").order_by("-pk")[:LATE_NAMED_MOST]),
        "empty": "" if shown else empty_reason(member, wall),
    }


def chips(member: Membership, wall: queries.Wall) -> list[dict[str, object]]:
    """The filters as links. A filter has a count only where it is useful, and only up to a limit."""
    numbers = counts(member)
    return [
        {
            "name": name,
            "word": word,
            "count": numbers.get(name),
            "url": wall.address(show=name if name != "usable" else ""),
            "current": name == wall.show,
        }
        for name, (word, _which) in queries.WALLS.items()
        if name != "rehearsal" or not member.team.rehearsal_only
    ]


def counts(member: Membership) -> dict[str, str]:
    """The counts of ``making`` and ``failed``; empty for none."""
    rows = {"making": queries.unfinished_of(member), "failed": queries.failed_of(member)}
    found = {name: queries.count_to_limit(jobs) for name, jobs in rows.items()}
    return {name: queries.count_text(count) if count else "" for name, count in found.items()}


def empty_reason(member: Membership, wall: queries.Wall) -> str:
    """Why there are no cards: ``end`` (after the last page), ``first`` (nothing was ever made), ``calm``
    (nothing is under way, or nothing failed), ``none`` (the filter finds nothing)."""
    if wall.before:
        return "end"
    if not access.clips_for(member).exists():
        return "first"
    return "calm" if wall.show in ("making", "failed") and not wall.project else "none"


def changes_context(member: Membership, watched: Mapping[uuid.UUID, str]) -> dict[str, object]:
    """What the poller's answer shows: the changed cards, the next poller, what a screen reader announces,
    and the tab's title."""
    now_there = list(cards.with_cards(access.clips_for(member).filter(public_id__in=watched)).order_by("-pk"))
    # Compared again: another job may have changed since the marks were read.
    moved = [job for job in now_there if watched[job.public_id] != live.mark(job.version, job.percent)]
    removed = set(watched) - {job.public_id for job in now_there}
    stacks = takes.stacks(member, moved)
    return {
        "member": member,
        "team": member.team,
        "cards": [
            *(cards.in_place(cards.card(job, member)) for job in moved if job.take_group not in stacks),
            *(takes.in_place(own, member, {job.public_id for job in moved}) for own in stacks.values()),
        ],
        "gone": sorted(public_id.hex for public_id in removed),
        "ready": [job for job in moved if job.state == State.SUCCEEDED],
        "failed": [job for job in moved if job.state in queries.TROUBLE],
        "watch": live.Watch.over(now_there),
        "mine": live.pending(now_there, member),
        "counts": counts(member),
    }
