"""Somebody's right is taken away between the first line of a view, which asked who they are, and
what it writes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.attacks.house import everything
from videos import access, authority
from videos.models import Membership


def demoted(member: Membership) -> None:
    Membership.objects.filter(pk=member.pk).update(role="viewer")


def removed(member: Membership) -> None:
    Membership.objects.filter(pk=member.pk).delete()


@contextmanager
def meanwhile(patch: pytest.MonkeyPatch, strike: Callable[[Membership], None]) -> Iterator[None]:
    """Every view is told the membership as it was on its first line; then ``strike`` happens to the
    row. Inside ``undone()``: it stays struck."""
    known: dict[tuple, Membership] = {}
    ask = access.member_of

    def asked(user, slug: str) -> Membership:
        if (user.pk, slug) not in known:
            known[user.pk, slug] = ask(user, slug)
            strike(known[user.pk, slug])
        return known[user.pk, slug]

    with patch.context() as inside:
        inside.setattr(access, "member_of", asked)
        yield


def everything_else(member: Membership) -> dict[str, list]:
    """Every row but the one that was struck, by its id in the first column."""
    rows = everything()
    rows["Membership"] = [row for row in rows["Membership"] if row[0] != member.pk]
    return rows


@contextmanager
def acting(patch: pytest.MonkeyPatch) -> Iterator[list]:
    """A list that has an entry for as long as a transaction of ``authority.acting`` is open."""
    open_ones: list[str] = []
    real = authority.acting

    @contextmanager
    def counted(member: Membership, verb: str, **more: bool) -> Iterator[Membership]:
        with real(member, verb, **more) as held:
            open_ones.append(verb)
            try:
                yield held
            finally:
                open_ones.pop()

    with patch.context() as inside:
        inside.setattr(authority, "acting", counted)
        yield open_ones
