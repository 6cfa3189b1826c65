"""Creates, changes and ends budgets, and asks for more and decides about it. Each step writes one audit
line, in the transaction that changes the row."""

from decimal import Decimal

from django.db import IntegrityError

from videos import access, audit, authority, labels
from videos.models import (
    Budget,
    BudgetRequest,
    Membership,
    OwnEstimate,
    Project,
    Rate,
    Threshold,
    User,
    VendorKey,
    clock,
)
from videos.spending import month


class AlreadyExists(Exception):
    """There is a budget for this already; that one has to be changed."""


class AskedAlready(Exception):
    """This person's last request for this budget still waits for an answer."""


class AlreadyDecided(Exception):
    """Somebody else answered this request first. Nothing was changed."""


def start(
    member: Membership,
    *,
    measure: str,
    of: str,
    amount: Decimal,
    person: User | None = None,
    key: VendorKey | None = None,
    project: Project | None = None,
) -> Budget:
    """Creates a budget for at most one of ``person``, ``key``, ``project``; for none of them, for the whole
    team. Raises AlreadyExists."""
    try:
        with authority.acting(member, "manage"):
            budget = Budget.objects.create(
                team=member.team,
                person=person,
                key=key,
                project=project,
                measure=measure,
                of=of,
                amount=amount,
                created_at=clock.now(),
            )
            _note(member, "budget.set", budget, amount=labels.figure(amount), measure=measure, of=of)
    except IntegrityError:
        raise AlreadyExists from None
    return budget


def change(member: Membership, budget: Budget, amount: Decimal) -> None:
    """Sets a new amount, from this month on. Raises Http404 where the budget was ended meanwhile."""
    with authority.acting(member, "manage") as member:
        budget = access.one(access.budgets_for(member).select_for_update(of=("self",)), pk=budget.pk)
        Budget.objects.filter(pk=budget.pk).update(amount=amount)
        _note(
            member,
            "budget.changed",
            budget,
            amount=labels.figure(amount),
            before=labels.figure(budget.amount),
        )


def end(member: Membership, budget: Budget) -> None:
    """Ends a budget, so that it stops nothing any more. Ending it twice ends it once."""
    with authority.acting(member, "manage"):
        if Budget.objects.filter(pk=budget.pk, ended_at=None).update(ended_at=clock.now()):
            _note(member, "budget.ended", budget)


def ask(member: Membership, budget: Budget, amount: Decimal, why: str) -> BudgetRequest:
    """Asks for more budget this month. Raises AskedAlready while an earlier request waits."""
    try:
        with authority.acting(member, "spend"):
            wish = BudgetRequest.objects.create(
                budget=budget,
                person=member.user,
                amount=amount,
                why=why,
                month=month.this_month(),
                created_at=clock.now(),
            )
            _note(member, "budget.asked", wish, amount=labels.figure(amount))
    except IntegrityError:
        raise AskedAlready from None
    return wish


def approve(member: Membership, wish: BudgetRequest, granted: Decimal, note: str) -> None:
    """Adds ``granted`` to this month's amount, also where the request was made in an earlier month. Raises
    AlreadyDecided."""
    _decide(
        member,
        wish,
        "budget.granted",
        state=BudgetRequest.State.APPROVED,
        granted=granted,
        note=note,
        month=month.this_month(),
    )


def decline(member: Membership, wish: BudgetRequest, note: str) -> None:
    """Declines the request. Raises AlreadyDecided."""
    _decide(member, wish, "budget.declined", state=BudgetRequest.State.DECLINED, note=note)


def _decide(member: Membership, wish: BudgetRequest, verb: str, **columns: object) -> None:
    with authority.acting(member, "manage"):
        still_open = BudgetRequest.objects.filter(pk=wish.pk, state=BudgetRequest.State.OPEN)
        if not still_open.update(decided_by=member.user, decided_at=clock.now(), **columns):
            raise AlreadyDecided
        _note(
            member,
            verb,
            wish,
            granted=labels.figure(columns.get("granted", Decimal(0))),
            asked=labels.figure(wish.amount),
        )


def set_rate(member: Membership, vendor: str, currency: str, per_credit: Decimal | None) -> None:
    """Sets what a credit costs; None removes the rate. It counts for the whole month."""
    where = {"team": member.team, "vendor": vendor, "currency": currency}
    with authority.acting(member, "manage"):
        if per_credit is None:
            Rate.objects.filter(**where).delete()
        else:
            Rate.objects.update_or_create(**where, defaults={"per_credit": per_credit})
        _note(member, "rate.set", None, vendor=vendor, currency=currency, per_credit=_figure(per_credit))


def set_estimate(member: Membership, model: str, amount: Decimal | None) -> None:
    """Sets how many credits a press of ``model`` may cost; None removes the estimate."""
    where = {"team": member.team, "model": model}
    with authority.acting(member, "manage"):
        if amount is None:
            OwnEstimate.objects.filter(**where).delete()
        else:
            OwnEstimate.objects.update_or_create(**where, defaults={"amount": amount})
        _note(member, "estimate.set", None, model=model, amount=_figure(amount))


def set_threshold(member: Membership, measure: str, of: str, amount: Decimal | None) -> None:
    """Sets the sum from which one press has to be confirmed; None: nothing has to be confirmed in this unit
    any more."""
    where = {"team": member.team, "measure": measure, "of": of}
    with authority.acting(member, "manage"):
        before = (
            Threshold.objects.select_for_update().filter(**where).values_list("amount", flat=True).first()
        )
        if amount is None:
            Threshold.objects.filter(**where).delete()
        else:
            Threshold.objects.update_or_create(**where, defaults={"amount": amount})
        _note(
            member,
            "threshold.set",
            None,
            measure=measure,
            of=of,
            amount=_figure(amount),
            before=_figure(before),
        )


def _figure(value: Decimal | None) -> str:
    return "" if value is None else labels.figure(value)


def _note(member: Membership, verb: str, thing: object, **data: str) -> None:
    audit.note(member.team, member.user, verb, thing, **data)
