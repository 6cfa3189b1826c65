"""Views of the prompt history: every prompt that the team ever used."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.formats import date_format
from django.views.decorators.http import require_GET

from videos import access
from videos.history.forms import FilterForm
from videos.history.queries import prompts as page_of
from videos.signin import login_required
from videos.vendors import registry


@dataclass(frozen=True, slots=True)
class FilterChip:
    """A filter that is on, in words. ``without`` is the address of the list without it."""

    text: str
    without: str


@require_GET
@login_required
def prompts(request: HttpRequest, team: str) -> HttpResponse:
    """Shows the page; for htmx the list, or (``before``) the entries that come after."""
    member = access.member_of(request.user, team)
    form = FilterForm(member, request.GET)
    form.is_valid()  # an invalid field shows its error and does not filter
    before = request.GET.get("before", "")
    found = page_of(member, form.cleaned_data, before)
    chips = chips_of(form, request.GET)
    context = {
        "member": member,
        "team": member.team,
        "makes": access.can(member, "make"),
        "form": form,
        "chips": chips,
        "narrowed": any(request.GET.get(name) for name in form.fields if name != "q"),
        "entries": found.entries,
        "older": address(request.GET, before=found.older) if found.older else "",
        "later_page": bool(before),
    }
    answer = render(request, template(request, before), context)
    if request.htmx and not before:
        answer["HX-Push-Url"] = request.path + address(request.GET)  # without the empty fields
    return answer


def template(request: HttpRequest, before: str) -> str:
    if not request.htmx or request.htmx.history_restore_request:
        return "history/page.html"
    return "history/_entries.html" if before else "history/_list.html"


def chips_of(form: FilterForm, query: QueryDict) -> list[FilterChip]:
    return [
        FilterChip(filter_text(form, name, value), address(query, **{name: ""}))
        for name, value in form.cleaned_data.items()
        if value
    ]


def filter_text(form: FilterForm, name: str, value: object) -> str:
    """``Person: Bob``, with the names of vendors and the dates in the viewer's notation."""
    if name == "vendor":
        value = registry.vendor(value).name
    if isinstance(value, date):
        value = date_format(value)
    return f"{form.fields[name].label}: {value}"


def address(query: QueryDict, **changes: str) -> str:
    """The query string of the same list with some filters changed; without ``before`` it starts at the
    newest."""
    parameters = query.copy()
    parameters.pop("before", None)
    for name in list(parameters):
        if not parameters[name]:
            del parameters[name]
    for name, value in changes.items():
        parameters.pop(name, None)
        if value:
            parameters[name] = value
    return f"?{parameters.urlencode()}"
