"""Views of a race: one wish is sent to several models at once, under one ceiling. The page is looked at
first, then pressed once."""

import secrets
from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from videos import access, after_commit, audit, authority, labels, words
from videos.create import drafts
from videos.create.form_state import FormState
from videos.create.race import field
from videos.create.typed_options import storable
from videos.jobs import verbs
from videos.models import Membership
from videos.signin import login_required

REAL, REHEARSAL = "real", "rehearsal"


@dataclass(frozen=True, slots=True)
class Race:
    """A race as the form has it. ``typed`` is the ceiling as it was typed; ``seen`` the hash of what is
    shown."""

    wish: FormState
    kinds: list[str]
    kind: str
    currencies: list[str]
    currency: str
    typed: str
    ceiling: Decimal | None
    runners: list[field.Entrant]
    chosen: list[field.Entrant]

    @property
    def rehearsal(self) -> bool:
        return self.kind == REHEARSAL

    @property
    def total(self) -> Decimal | None:
        return field.total(self.chosen)

    @property
    def seen(self) -> str:
        return field.seal_of(self.wish, self.chosen)


@require_http_methods(["GET", "POST"])
@login_required
def race(request: HttpRequest, team: str) -> HttpResponse:
    """GET shows who can enter, at what price, also while the form changes. POST starts the race."""
    member = access.member_of(request.user, team)
    access.require(member, "make")
    if request.method == "GET":
        return page(request, member, read(member, request.GET))
    token = storable(request.POST.get("client_token", ""))[:64]
    if earlier := access.presses_for(member).filter(client_token=token).exclude(take_group=None).first():
        return redirect("stack", team, earlier.take_group)
    asked = read(member, request.POST)
    if stands := problems(asked):
        return page(request, member, asked, stands, status=422)
    if request.POST.get("seen") != asked.seen:
        note = _("This is what the race would be now. Look at it, then press once more.")
        return page(request, member, asked, [note], status=422)
    return press(request, member, asked, token)


def press(request: HttpRequest, member: Membership, asked: Race, token: str) -> HttpResponse:
    """Starts all of the chosen models or none."""
    confirmed, orders = request.POST.get("confirmed", ""), [one.order for one in asked.chosen]
    try:
        jobs = verbs.start_all(member, orders, client_token=token, confirmed=confirmed)
    except verbs.Unconfirmed as ask:
        seal = verbs.confirmation(member, ask.sums, token)
        confirm = words.Confirmation.of(ask.problems, ask.button, seal)
        return page(request, member, asked, token=token, confirm=confirm, status=422)
    except verbs.Refusal as refusal:
        return page(
            request, member, asked, [words.describe_problem(one) for one in refusal.problems], status=422
        )
    with (
        after_commit.kept_going(f"what the book says of race {jobs[0].take_group}"),
        authority.acting(member, "make"),
    ):
        audit.note(
            member.team,
            member.user,
            "race.started",
            models=", ".join(one.key for one in asked.chosen),
            ceiling=str(asked.ceiling or ""),
            currency=asked.currency,
        )
    with after_commit.kept_going("the draft of a race"):
        drafts.forget_pressed(member, asked.wish, token)
    return redirect("stack", member.team.slug, jobs[0].take_group)


def read(member: Membership, data: QueryDict) -> Race:
    """Reads the form; what it leaves open gets the likeliest value."""
    wish, keys = drafts.current_form(member), list(access.usable_keys(member))
    kinds = [REHEARSAL] * any(key.rehearsal for key in keys) + [REAL] * any(not key.rehearsal for key in keys)
    likely = REAL if wish.key is not None and not wish.key.rehearsal else next(iter(kinds), REHEARSAL)
    kind = data.get("kind") if data.get("kind") in kinds else likely
    known = field.currencies(member)
    currency = data.get("currency") if data.get("currency") in known else next(iter(known), "")
    runners = field.entrants(member, wish, field.rates_in(member, currency), rehearsal=kind == REHEARSAL)
    typed = storable(data.get("ceiling", ""))[:20]
    named = set(data.getlist("model"))
    return Race(
        wish,
        kinds,
        kind,
        known,
        currency,
        typed,
        parse_amount(typed),
        runners,
        [one for one in runners if one.key in named],
    )


def parse_amount(typed: str) -> Decimal | None:
    """The ceiling as a number, in the viewer's notation; None where it is none."""
    number = forms.DecimalField(
        max_digits=12, decimal_places=2, min_value=Decimal("0.01"), localize=True, required=False
    )
    try:
        return number.clean(typed)
    except forms.ValidationError:
        return None


def problems(asked: Race) -> list[str]:
    """Why this race cannot start, all reasons at once."""
    found = []
    if not asked.wish.prompt.strip() and asked.wish.model.prompt.required:
        found.append(_("Describe the shot in the gallery first: all of them get the same words."))
    if not field.LEAST <= len(asked.chosen) <= field.MOST:
        found.append(_("Choose %(least)s to %(most)s models.") % {"least": field.LEAST, "most": field.MOST})
    for one in asked.chosen:
        found += [f"{one.vendor} · {one.model.name}: {reason}" for reason in (*one.reasons, *one.lacking)]
    if not asked.rehearsal and asked.ceiling is None:
        found.append(_("Say what the race may cost at most."))
    total = asked.total
    if not asked.rehearsal and asked.ceiling is not None and total is not None and total > asked.ceiling:
        values = {
            "sum": labels.amount(total, asked.currency),
            "ceiling": labels.amount(asked.ceiling, asked.currency),
        }
        found.append(_("Together they cost %(sum)s, which is more than %(ceiling)s.") % values)
    return found


def page(
    request: HttpRequest,
    member: Membership,
    asked: Race,
    said: list[str] | None = None,
    *,
    token: str = "",
    confirm: words.Confirmation | None = None,
    status: int = 200,
) -> HttpResponse:
    total = asked.total if asked.chosen else None
    context = {
        "member": member,
        "team": member.team,
        "race": asked,
        "said": said,
        "confirm": confirm,
        "token": token or secrets.token_urlsafe(24),
        "least": field.LEAST,
        "most": field.MOST,
        "able": [one for one in asked.runners if one.able or one in asked.chosen],
        "unable": [one for one in asked.runners if not one.able and one not in asked.chosen],
        "wishes": labels.described(asked.wish.options),
        "sum": labels.amount(total, asked.currency) if total is not None and asked.currency else "",
    }
    return render(
        request, "create/race/_form.html" if request.htmx else "create/race/page.html", context, status=status
    )
