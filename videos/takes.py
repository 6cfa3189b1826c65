"""Renders the takes of one wish as one card. It shows the kept take, else the newest that is ready; what is
under way is a number beside it."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from videos import access, cards, labels, words
from videos.models import Job, Membership
from videos.models.clock import now
from videos.states import UNFINISHED

Stacks = Mapping[uuid.UUID, list[Job]]
# Whose state a stack shows while none of its takes is ready.
STATE_ORDER = ("storing", "making", "late", "queued", "unknown", "unchecked", "lost", "failed", "canceled")


def stacks(member: Membership, jobs: Iterable[Job]) -> Stacks:
    """All takes of the stacks that ``jobs`` belong to: two queries, or none where no job is part of a
    stack."""
    groups = {job.take_group for job in jobs} - {None}
    found: dict[uuid.UUID, list[Job]] = {group: [] for group in groups}
    for take in cards.with_cards(access.takes_for(member, groups)) if groups else ():
        found[take.take_group].append(take)
    return {group: takes for group, takes in found.items() if takes}


def all_takes(jobs: Iterable[Job], found: Stacks) -> list[Job]:
    """Every job that these cards are about, with all takes of each stack: what a page has to watch."""
    return [take for job in jobs for take in found.get(job.take_group, (job,))]


def draw(jobs: Iterable[Job], member: Membership, found: Stacks) -> list[SafeString]:
    """A card for each job; ``jobs`` has one job of every stack."""
    return [
        card(found[job.take_group], member) if job.take_group in found else cards.card(job, member)
        for job in jobs
    ]


def card(takes: list[Job], member: Membership) -> SafeString:
    """The HTML of a stack. ``takes`` are all of its takes, from ``with_cards``."""
    key = (
        "stack",
        *((take.public_id, take.version, len(cards.outputs_here(take))) for take in takes),
        translation.get_language(),
        timezone.get_current_timezone_name(),
        access.can(member, "spend"),
    )
    waiting = any(take.unfinished for take in takes)
    return cards.cached(None if waiting else key, lambda: _drawn(takes, member))


def _drawn(takes: list[Job], member: Membership) -> SafeString:
    stack = Stack.of(takes, now(), amounts=access.can(member, "spend"))
    context = {"stack": stack, "replacement": cards.replacement(stack.lead, member)}
    return get_template("gallery/_stack.html").render(context)


def in_place(takes: list[Job], member: Membership, moved: set[uuid.UUID]) -> SafeString:
    """The stack as an out-of-band swap. Where its page already shows a film, only the line below is
    replaced, so that a film which somebody watches goes on playing. ``moved``: the jobs that changed since
    the page showed them."""
    html = card(takes, member)
    if not any(ready(take) and take.public_id not in moved for take in takes):
        return cards.in_place(html)
    stack = Stack.of(takes, now(), amounts=access.can(member, "spend"))
    return mark_safe(get_template("gallery/_stack_line.html").render({"stack": stack, "swap": True}))


@dataclass(frozen=True, slots=True)
class Stack:
    """Everything that the template prints. ``state``: ready as soon as one take is. ``lead``: the take
    whose state and film it shows."""

    hex: str
    url: str
    state: str
    lead: Job
    film: cards.Film | None
    count: int
    ready: int
    waiting: int
    kept: bool
    price: str
    models: str
    say: words.CardText
    estimate: str
    since: datetime | None
    elapsed: str

    @classmethod
    def of(cls, takes: list[Job], at: datetime, *, amounts: bool) -> "Stack":
        shown = [take for take in takes if ready(take)]
        kept = next((take for take in shown if take.keeper), None)
        lead = kept or (shown[-1] if shown else min(reversed(takes), key=_rank))
        since, say = cards.waiting_since(lead), cards.say_of(lead, at, amounts=amounts)
        return cls(
            hex=lead.take_group.hex,
            url=reverse("stack", args=[lead.team.slug, lead.take_group]),
            state=cards.state(lead),
            lead=lead,
            film=cards.Film.of(lead, cards.outputs_to_show(lead)[0]) if shown else None,
            count=len(takes),
            ready=len(shown),
            waiting=sum(take.state in UNFINISHED for take in takes),
            kept=kept is not None,
            price=price(takes) if amounts else "",
            models=" · ".join({labels.model_name(take.model).partition(" (")[0]: None for take in takes}),
            say=say,
            estimate=cards.estimate(lead, say),
            since=since,
            elapsed=cards.duration((at - since).total_seconds()) if since else "",
        )

    @property
    def progress(self) -> str:
        """``2 of 3 ready``; the number of takes once all are ready."""
        if self.ready == self.count:
            return ngettext("%(count)s take", "%(count)s takes", self.count) % {"count": self.count}
        return gettext("%(ready)s of %(count)s ready") % {"ready": self.ready, "count": self.count}


def ready(job: Job) -> bool:
    """Whether the take can be shown."""
    return job.shown_state == "ready" and bool(cards.outputs_to_show(job))


def _rank(job: Job) -> int:
    state = job.shown_state
    return STATE_ORDER.index(state) if state in STATE_ORDER else len(STATE_ORDER)


def price(takes: Iterable[Job]) -> str:
    """What the button said for all takes together, vendor by vendor: credits of two vendors are not added
    up."""
    takes = list(takes)
    by_vendor: dict[str, list[Job]] = {}
    for take in takes:
        by_vendor.setdefault(take.vendor, []).append(take)
    sums = [_sum(vendor, own, alone=len(by_vendor) == 1) for vendor, own in by_vendor.items()]
    total = " + ".join(sums)
    return gettext("rehearsal of %(price)s") % {"price": total} if takes[0].rehearsal else total


def _sum(vendor: str, takes: list[Job], *, alone: bool) -> str:
    amounts = [take.estimate if take.estimate is not None else take.charge for take in takes]
    if None in amounts:
        amount = gettext("unknown until done")
    else:
        amount = labels.amount(sum(amounts, Decimal(0)), takes[0].unit)
        usd = [take.estimate_usd for take in takes]
        if None not in usd:
            values = {"amount": amount, "usd": number_format(labels.cents(sum(usd, Decimal(0))))}
            amount = gettext("%(amount)s, about $%(usd)s") % values
    return amount if alone else f"{labels.vendor_name(vendor)}: {amount}"
