"""Reads what the page of a stack shows, in a constant number of queries for any number of takes."""

import secrets
import uuid
from dataclasses import dataclass, replace

from django.http import Http404
from django.utils.translation import gettext

from videos import access, cards, labels, live, takes, words
from videos.jobs import verbs
from videos.models import Job, Membership, Relation, clock
from videos.stacks import ladder
from videos.states import State
from videos.vendors import registry


@dataclass(frozen=True, slots=True)
class Take:
    """One take on the page. ``seed`` is empty where the vendor drew it and does not say which."""

    job: Job
    number: int
    hex: str
    state: str
    film: cards.Film | None
    model: str
    vendor: str
    seed: str
    size: str
    price: str
    say: words.CardText


@dataclass(frozen=True, slots=True)
class LargerSize:
    """A button that makes the kept take larger, with its price. ``same``: with the seed of the take;
    ``refused``: why it cannot be pressed."""

    key: str
    size: str
    price: str
    amount: str
    same: bool
    refused: list[str]


def takes_of(member: Membership, group: uuid.UUID) -> list[Job]:
    """All takes of the stack, oldest first; raises 404 where this person may see none."""
    found = list(
        cards.with_cards(access.takes_for(member, [group])).select_related(
            "key", "project", "user", "prompt", "team"
        )
    )
    if not found:
        raise Http404
    return found


def page_context(member: Membership, jobs: list[Job]) -> dict[str, object]:
    """Everything that the page's template prints."""
    spends = access.can(member, "spend")
    kept = next((job for job in jobs if job.keeper and takes.ready(job)), None)
    full = list(access.clips_for(member).filter(parent__in=jobs, relation=Relation.FULL).order_by("pk"))
    rungs = larger_sizes_of(member, kept) if kept and access.can(member, "make") else []
    return {
        "member": member,
        "team": member.team,
        "stack": takes.Stack.of(jobs, clock.now(), amounts=spends),
        "takes": take_rows(jobs, spends),
        "kept": kept,
        "picked": access.events_for(member, kept).filter(verb="take.kept").last() if kept else None,
        "rungs": rungs,
        "full": full,
        "saved": savings_text(jobs, full) if spends else "",
        "films": sum(job.medium == "video" for job in jobs),
        "may_make": access.can(member, "make"),
        "watch": live.Watch.over(jobs),
        "act_token": secrets.token_urlsafe(16),
    }


def take_rows(jobs: list[Job], amounts: bool) -> list[Take]:
    race = len({one.model for one in jobs}) > 1
    return [take_row(job, number, race, amounts) for number, job in enumerate(jobs, 1)]


def take_row(job: Job, number: int, race: bool, amounts: bool) -> Take:
    films = cards.outputs_to_show(job)
    seed = job.options.get("seed")
    return Take(
        job=job,
        number=number,
        hex=job.public_id.hex,
        state=cards.state(job),
        film=cards.Film.of(job, films[0]) if takes.ready(job) else None,
        model=labels.model_name(job.model),
        vendor=labels.vendor_name(job.vendor) if race else "",
        seed=str(seed) if isinstance(seed, int) and seed >= 0 else "",
        size=labels.option_value("resolution", job.options["resolution"])
        if "resolution" in job.options
        else "",
        price=price_of(job) if amounts else "",
        say=cards.say_of(job, clock.now(), amounts=amounts),
    )


def price_of(job: Job) -> str:
    """What the vendor charged, else its published price."""
    amount = job.charge if job.charge is not None else job.estimate
    price = labels.amount(amount, job.unit) if amount is not None else gettext("unknown until done")
    return gettext("rehearsal of %(price)s") % {"price": price} if job.rehearsal else price


def larger_sizes_of(member: Membership, job: Job) -> list[LargerSize]:
    return [larger_size(member, job, step) for step in steps_of(job)]


def steps_of(job: Job) -> list[ladder.Step]:
    model = registry.MODELS.get(job.model)
    return ladder.larger_steps(model, job.options) if model else []


def order_of(job: Job, step: ladder.Step, **press: str) -> verbs.GenerationRequest:
    """The order for a larger version of ``job``: the same words, pictures, key and seed, and one option
    larger; it becomes a clip of its own. ``press``: its client token, and the confirmation of its sum."""
    same = verbs.request_again(job, **press)
    return replace(same, options=step.wish, relation=Relation.FULL, take_group=None)


def larger_size(member: Membership, job: Job, step: ladder.Step) -> LargerSize:
    checked = verbs.review(member, order_of(job, step))
    price = labels.price(checked.price, job.unit) or gettext("unknown until done")
    return LargerSize(
        key=step.key,
        size=labels.option_value(step.name, step.value),
        price=gettext("rehearsal of %(price)s") % {"price": price} if job.rehearsal else price,
        amount=labels.figure(checked.price.amount) if checked.price else "",
        same=step.same,
        refused=[words.describe_problem(problem) for problem in checked.problems],
    )


def savings_text(jobs: list[Job], full: list[Job]) -> str:
    """What the drafts saved, as a sum of published prices, once one was made at full size; empty where it
    would be a guess."""
    made = [job for job in full if job.state == State.SUCCEEDED]
    if not made or len({job.model for job in [*jobs, *made]}) > 1:
        return ""
    amount = ladder.amount_saved(jobs, made)
    return labels.amount(amount, jobs[0].unit) if amount is not None else ""
