"""Tests whether a vendor accepts a key. No vendor documents a call for that, so we ask, for free, about a
task that cannot exist: a vendor that answers "no such task" has accepted the key."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.conf import settings
from django.db.models import Q

from videos import audit, vault
from videos.jobs.account import routes
from videos.keys import changes
from videos.logs import redact
from videos.models import KeyState, Membership, VendorKey
from videos.models.clock import now
from videos.network import exchange
from videos.vendors import registry
from videos.vendors.contract import Kind, Unreadable

NO_SUCH_TASK = "00000000-0000-4000-8000-000000000000"
ANSWER_SECONDS = 15.0  # seconds that a person waits for a page
PAUSE = timedelta(seconds=3)  # at least this long between two tests of one key


class Answer(StrEnum):
    WORKS = "works"
    REFUSED = "refused"
    UNCLEAR = "unclear"
    UNREACHABLE = "unreachable"
    SEALED = "sealed"  # our own encryption keys do not open it
    TOO_SOON = "too_soon"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of a test. ``said``: the vendor's own words, redacted."""

    answer: Answer
    said: str = ""


def test(member: Membership, row: VendorKey) -> Verdict:
    """Asks the vendor, and stores what the answer means: a refused key stops, one that works again becomes
    usable; a paused key stays paused. The right to change the key is checked before the vendor is asked,
    and again before its answer is stored."""
    rested = Q(tested_at=None) | Q(tested_at__lt=now() - PAUSE)
    with changes.changing(member, row):
        if not VendorKey.objects.filter(rested, pk=row.pk).update(tested_at=now()):
            return Verdict(Answer.TOO_SOON)
    verdict = ask(row)
    mine = VendorKey.objects.filter(
        pk=row.pk, sealed=row.sealed
    )  # the key that was asked about, not one that replaced it meanwhile
    with changes.changing(member, row):
        if verdict.answer is Answer.WORKS:
            mine.filter(state=KeyState.BROKEN).update(state=KeyState.ACTIVE, said="")
        if verdict.answer is Answer.REFUSED:
            mine.filter(state=KeyState.ACTIVE).update(state=KeyState.BROKEN, said=verdict.said)
        facts = {"vendor": row.vendor, "rehearsal": row.rehearsal, "answer": verdict.answer.value}
        audit.note(member.team, member.user, "key.tested", row, **facts)
    return verdict


def ask(row: VendorKey) -> Verdict:
    """Looks once for a task that does not exist, at the address that this key's calls go to and at no
    other."""
    vendor = registry.vendor(row.vendor)
    try:
        secret, way = vault.open_key(row), routes.route(row.vendor, rehearsal=row.rehearsal)
    except vault.KeyUnreadable:
        return Verdict(Answer.SEALED)
    except routes.Crossed:
        return Verdict(Answer.UNREACHABLE)
    try:
        reply = exchange.send(
            vendor.check(vendor.adopt(NO_SUCH_TASK)),
            base_url=way.base_url,
            key=secret,
            trusted=way.trusted,
            deadline=min(ANSWER_SECONDS, settings.DURATIONS["look_deadline"]),
        )
    except (exchange.NotSent, exchange.Lost):
        return Verdict(Answer.UNREACHABLE)
    outcome = vendor.read_check(reply)
    # A vendor that repeats the key in its refusal must not bring it onto a page.
    said = redact(getattr(outcome, "said", "").replace(secret, "***"))[:500]
    return Verdict(_meaning(outcome), said)


def _meaning(outcome: object) -> Answer:
    if not isinstance(outcome, Unreadable):
        return Answer.WORKS  # it answered about a task, so it accepted the key
    if outcome.kind is Kind.AUTH:
        return Answer.REFUSED
    if outcome.kind in (Kind.NOT_FOUND, Kind.INSUFFICIENT_CREDITS):
        return Answer.WORKS
    return Answer.UNCLEAR
