"""The view of the usage page: what the team spent, on what, and how many generations succeeded."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.views.decorators.http import require_GET

from videos import access, labels
from videos.models import Membership
from videos.signin import login_required
from videos.usage.chart import chart
from videos.usage.forms import GROUPINGS, SPANS, UsageForm
from videos.usage.queries import Usage
from videos.usage.queries import usage as used
from videos.usage.table import duration, export, share, table
from videos.usage.vendor_totals import vendor_totals
from videos.vendors import registry


@require_GET
@login_required
def usage(request: HttpRequest, team: str) -> HttpResponse:
    """The page, or its table as a file (``format=csv``)."""
    member = access.member_of(request.user, team)
    asked = UsageForm(member.team, request.GET)
    found = used(member, asked.period, asked.grouping, rehearsal=asked.rehearses)
    spends = access.can(member, "spend")
    label = dict(GROUPINGS)[asked.grouping]
    shown = table(found.lines, label, vendors=asked.grouping == "vendor", money=spends)
    filed = request.GET.get("format") == "csv"
    if filed and not asked.errors:
        period = asked.period
        kind = "rehearsal-usage" if asked.rehearses else "usage"
        return export(shown, f"{kind}-{asked.grouping}-{period.since}-{period.until}")
    context = page(member, request.GET, asked, found) | {"table": shown, "spends": spends, "label": label}
    return render(request, "usage/page.html", context, status=422 if filed else 200)


def page(member: Membership, query: QueryDict, asked: UsageForm, found: Usage) -> dict[str, object]:
    return {
        "member": member,
        "team": member.team,
        "makes": access.can(member, "make"),
        "asked": asked,
        "period": asked.period,
        "counts": found.counts,
        "success": share(found.counts.made, found.counts.finished),
        "wait": duration(found.times.wait),
        "storing": duration(found.times.storing),
        "purses": vendor_totals(found.balances),
        "chart": chart(asked.period.days, found.days, legend),
        "spans": [
            Choice(text, address(query, days=name, since="", until=""), name == asked.span)
            for name, text in SPANS
        ],
        "groupings": [
            Choice(text, address(query, by=name), name == asked.grouping) for name, text in GROUPINGS
        ],
        "real": address(query, rehearsal="0"),
        "rehearsal": address(query, rehearsal="1"),
        "file": address(query, format="csv"),
    }


@dataclass(frozen=True, slots=True)
class Choice:
    """One link of a group of links; ``current``: it leads to the page that is shown."""

    text: str | Promise
    url: str
    current: bool


def legend(slug: str) -> tuple[str, int]:
    """A vendor's name, and a hue far from those of its neighbours in the registry."""
    order = list(registry.VENDORS)
    position = order.index(slug) if slug in order else len(order)
    return labels.vendor_name(slug), (19 + 5 * position) % 24


def address(query: QueryDict, **changes: str) -> str:
    """The query string of the same page with something changed; empty parameters are left out."""
    parameters = query.copy()
    parameters.pop("format", None)
    for name, value in changes.items():
        parameters[name] = value
    for name in [name for name in parameters if not parameters[name]]:
        del parameters[name]
    return f"?{parameters.urlencode()}"
