"""Views of a batch: one form for many prompts, one check, one price, one press."""

import secrets
import uuid
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from videos import access, after_commit, cards, labels, live, words
from videos.create import controls, drafts, form_lookups, image_slots
from videos.create import form_state as sheets
from videos.create.many import checked, columns, form, outcome, rows, table
from videos.jobs import verbs
from videos.models import Membership
from videos.signin import login_required


@require_http_methods(["GET", "POST"])
@login_required
def batch(request: HttpRequest, team: str) -> HttpResponse:
    """``do``: ``draw`` the settings anew, ``check`` the rows, ``join`` the cells that are too many to
    their prompts and check, ``read`` or ``forget`` a file whose characters nobody knows, or ``go``.
    Asked by htmx with the settings alone, these are drawn anew."""
    member = access.member_of(request.user, team)
    access.require(member, "make")
    if request.method == "GET" and "was" in request.GET:
        return page(request, member, form.fresh(sheets.from_request(member, request.GET)))
    if request.method == "GET":
        return page(request, member, first_form(member, request.GET.get("from", "")))
    form_lookups.require_team_rows(member, request.POST)
    typed = form.from_request(member, request)
    do = request.POST.get("do", "check")
    if do == "draw" or typed.unread:
        return page(request, member, typed, status=422 if typed.unread else 200)
    found = orders_of(member, typed)
    if do == "join" and found.offers:
        typed = replace(typed, text=table.with_joined(typed.text, found.offers))
        found = orders_of(member, typed)
    seen = checked.review(member, typed, found)
    if do != "go" or not seen.fine:
        return page(request, member, typed, seen, status=200 if seen.fine else 422)
    if request.POST.get("seen") != seen.seen:
        note = _("Something changed since the rows were checked. Look at them again, then press.")
        return page(request, member, typed, seen, note=note, status=422)
    return press(request, member, typed, found)


def orders_of(member: Membership, typed: form.BatchForm) -> rows.BatchOrders:
    read = table.read(typed.text)
    return rows.build_orders(member, typed.sheet, read, typed.brought, typed.chosen_role, uuid.uuid4())


def press(
    request: HttpRequest, member: Membership, typed: form.BatchForm, found: rows.BatchOrders
) -> HttpResponse:
    """Starts all rows or none. The same form pressed twice starts them once."""
    confirmed = request.POST.get("confirmed", "")
    try:
        jobs = verbs.start_all(
            member, found.orders, client_token=typed.token, confirmed=confirmed, stack=False
        )
    except verbs.Unconfirmed as asked:
        yes = verbs.confirmation(member, asked.sums, typed.token)
        confirm = words.Confirmation.of(asked.problems, asked.button, yes)
        return page(request, member, typed, checked.review(member, typed, found), confirm=confirm, status=422)
    except verbs.Refusal as refusal:
        return page(request, member, typed, checked.review(member, typed, found, refusal.reasons), status=422)
    with after_commit.kept_going("the wishes of a batch, for the next form"):
        drafts.remember_options(member, typed.sheet)
    destination = reverse("batch_made", args=[member.team.slug, jobs[0].batch])
    return HttpResponse(status=303, headers={"Location": destination})


def first_form(member: Membership, named: str) -> form.BatchForm:
    """The form to begin with: empty, or with the rows of the batch ``named`` that ended without a film, to
    be corrected."""
    sheet = drafts.blank_form(member)
    if not named:
        return form.fresh(sheet)
    return outcome.to_correct(member, sheet, outcome.jobs_of(member, named))


def page(
    request: HttpRequest,
    member: Membership,
    typed: form.BatchForm,
    seen: checked.Review | None = None,
    *,
    note: str = "",
    confirm: words.Confirmation | None = None,
    status: int = 200,
) -> HttpResponse:
    composer = controls.compose(member, replace(typed.sheet, prompt="x"))
    drawn = request.htmx and "was" in request.GET
    context = {
        "member": member,
        "team": member.team,
        "typed": typed,
        "composer": composer,
        "seen": seen,
        "note": note,
        "brought": [
            (name, upload.pk, image_slots.thumbnail(member, upload)) for name, upload in typed.brought
        ],
        "confirm": confirm,
        "most": rows.rows_most(),
        "columns": columns.COLUMNS,
        "roles": [(role, labels.role_name(role), role == typed.chosen_role) for role in typed.roles],
    }
    return render(
        request, "create/many/_wishes.html" if drawn else "create/many/page.html", context, status=status
    )


@require_GET
@login_required
def batch_made(request: HttpRequest, team: str, batch: uuid.UUID) -> HttpResponse:
    """Shows what one press made, row by row, as it arrives."""
    member = access.member_of(request.user, team)
    jobs = list(cards.with_cards(outcome.jobs_of(member, str(batch))))
    context = {
        "member": member,
        "team": member.team,
        "batch": batch,
        "cards": cards.cards(jobs, member),
        "count": len(jobs),
        "troubled": outcome.troubled(jobs),
        "may_make": access.can(member, "make"),
        "act_token": secrets.token_urlsafe(16),
        "watch": live.Watch.over(jobs),
    }
    return render(request, "create/many/made.html", context)


@require_GET
@login_required
def batch_sample(request: HttpRequest, team: str) -> HttpResponse:
    """A table to begin with, with the columns of the chosen model."""
    member = access.member_of(request.user, team)
    text = outcome.sample(sheets.known_model(request.GET.get("model")))
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="batch-{member.team.slug}.csv"'
    return answer
