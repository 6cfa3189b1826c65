"""May this press be made? The one answer for the form, the command line and the press itself.

The press asks inside the transaction that makes its job, with the rows of its budgets
locked: of two presses that see the last free place one waits until the other's job is
written, and then counts it. (SQLite has one writer at a time anyway.) Locks are taken in one
order, after the person's and the key's, so that nobody waits in a ring."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from videos import labels
from videos.models import Budget, Job, Membership, Project, Role, Team, VendorKey
from videos.spending import units
from videos.spending.reckoning import Spending, Standing, covers, granted, spendings, standings, tariff
from videos.vendors.contract import Model, Price, Problem

FIELD = "budget"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``problems`` stand in the way; ``warnings`` do not: a budget of which 80 % are
    used."""

    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


FREE = Verdict()


def spending_of(
    member: Membership, model: Model, key: VendorKey, project: Project | None, price: Price | None
) -> Spending:
    """One press of ``member``'s, as budgets count it."""
    return Spending(
        member.user_id, key.pk, project.pk if project else None, model.vendor, model.key, key.rehearsal,
        amount=price.amount if price else Decimal(0), unpriced=0 if price else 1, presses=1,
    )  # fmt: skip


def verdict_together(member: Membership, all_of_them: list[Spending], *, lock: bool = False) -> Verdict:
    """May all of these be made? Their sum has to fit. ``lock``: inside the transaction that
    makes the jobs."""
    return _verdict(member.team, all_of_them, lock=lock) if all_of_them else FREE


def verdicts_alone(member: Membership, alone: list[Spending]) -> list[Verdict]:
    """May each of these be made, were it the only one? In step with ``alone``; as many queries
    for many as for one."""
    return _verdicts(member.team, [[one] for one in alone])


def verdict_of_second_request(member: Membership, job: Job) -> Verdict:
    """A second request for a job whose first may have been charged, inside the transaction in
    which ``member`` allows it. It counts for whoever pressed, beside the first (a clip is one
    person's spending); who allows it for somebody else needs the room all the same, so that
    nobody who may spend nothing more does it in another's name."""
    again = Spending(
        job.user_id, job.key_id, job.project_id, job.vendor, job.model, job.rehearsal,
        amount=job.estimate or Decimal(0), unpriced=int(job.estimate is None), presses=1,
    )  # fmt: skip
    verdicts = _verdicts(job.team, [[again], [replace(again, user_id=member.user_id)]], lock=True)
    return next((verdict for verdict in verdicts if verdict.problems), FREE)


def _verdict(team: Team, more: list[Spending], *, lock: bool) -> Verdict:
    return _verdicts(team, [more], lock=lock)[0]


def _verdicts(team: Team, lots: list[list[Spending]], *, lock: bool = False) -> list[Verdict]:
    budgets = _concerned_budgets(team.pk, [one for lot in lots for one in lot], lock=lock)
    if not budgets:
        return [FREE] * len(lots)
    found, entered, extra = spendings(team.pk, budgets), tariff(team.pk), granted(budgets)
    before = standings(budgets, found, entered, extra)
    ask = cache(lambda: who_can_raise(team))
    verdicts = []
    for lot in lots:
        concerned = [was for was in before if any(covers(was.budget, one) for one in lot)]
        after = standings([was.budget for was in concerned], [*found, *lot], entered, extra)
        verdicts.append(_verdict_from(concerned, after, ask))
    return verdicts


def _verdict_from(before: list[Standing], after: list[Standing], ask: Callable[[], str]) -> Verdict:
    """``ask``: whom to ask for more."""
    problems, warnings = [], []
    for was, will in zip(before, after, strict=True):
        if will.missing:
            problems.append(_missing_problem(will, ask()))
        elif will.used > will.limit:
            problems.append(_full_problem(was, will, ask()))
        elif was.scarce:
            warnings.append(Problem(FIELD, "budget_scarce", _values(was)))
    return Verdict(tuple(problems), tuple(warnings))


def _concerned_budgets(team_id: int, more: list[Spending], *, lock: bool) -> list[Budget]:
    """The budgets that any of these presses counts against."""
    rows: QuerySet[Budget] = Budget.objects.filter(
        Q(person=None) | Q(person__in={one.user_id for one in more}),
        Q(key=None) | Q(key__in={one.key_id for one in more}),
        Q(project=None) | Q(project__in={one.project_id for one in more} - {None}),
        team=team_id,
        ended_at=None,
    ).order_by("pk")
    rows = rows.select_for_update() if lock else rows
    return [budget for budget in rows if any(covers(budget, one) for one in more)]


def _full_problem(was: Standing, will: Standing, ask: str) -> Problem:
    cost = units.amount(was.budget, will.used - was.used)
    if will.guessed > was.guessed:
        cost = gettext("%(amount)s (your estimate)") % {"amount": cost}
    return Problem(FIELD, "budget_full", _values(was) | {"cost": cost, "whom": ask})


def _missing_problem(standing: Standing, ask: str) -> Problem:
    lacking, values = standing.missing[0], _values(standing) | {"whom": ask}
    if lacking.what == "rate":
        return Problem(FIELD, "budget_needs_rate", values | {"vendor": labels.vendor_name(lacking.of)})
    return Problem(FIELD, "budget_needs_estimate", values | {"model": labels.model_name(lacking.of)})


def _values(standing: Standing) -> dict[str, object]:
    budget = standing.budget
    return {
        "scope": units.title(budget),
        "used": units.number(budget, standing.used),
        "limit": units.amount(budget, standing.limit),
        "currency": budget.of,
        "percent": standing.percent,
    }


def who_can_raise(team: Team) -> str:
    """Who can raise a budget: the names of owners and admins."""
    rows = team.memberships.filter(role__in=(Role.OWNER, Role.ADMIN)).select_related("user")
    return ", ".join(row.user.shown_name for row in rows.order_by("pk"))
