"""Views of the composer: draw the form, keep what is typed, and start generations."""

from dataclasses import replace
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect, replace_url

from videos import access, after_commit, cards, labels, live, takes, words
from videos.create import controls, drafts, flags, form_lookups, form_state, image_roles, media_import, prices
from videos.create.finder import views as finder
from videos.create.typed_options import storable
from videos.jobs import verbs
from videos.media.present import is_present
from videos.models import Job, Membership
from videos.signin import came_from, login_required
from videos.uploads import receiving
from videos.uploads.pictures import BadPicture
from videos.vendors import registry

FILLING_PARAMETERS = {"from", "as", "picture", "recipe"}


@login_required
@require_GET
def create_form(request: HttpRequest, team: str) -> HttpResponse:
    """Draws the options again after a model or an option changed; the words stay untouched."""
    member = access.member_of(request.user, team)
    if not request.htmx:
        return redirect("gallery", team)
    composer = controls.compose(member, form_state.from_request(member, request.GET))
    return render(
        request, "create/_wishes.html", {"composer": composer, "member": member, "team": member.team}
    )


@login_required
@require_POST
def generate(request: HttpRequest, team: str) -> HttpResponse:
    """Starts the generations of a pressed form. One rendering of the form makes one job (or one set of
    takes), however often the press arrives."""
    member = access.member_of(request.user, team)
    access.require(member, "make")
    form_lookups.require_team_rows(member, request.POST)
    token = token_of(request)
    typed, refused = with_uploaded_files(member, request, form_state.from_request(member, request.POST))
    lifted, notes = flags.lift_flags(typed)
    unplaced = any(not moved.after for moved in typed.moved)  # the form says which, and why
    if notes or typed.problems or refused or unplaced:
        return render_refused(request, member, lifted, (*refused, *notes))
    if other := describe_key_change(member, request, typed) or describe_price_change(member, request, typed):
        return render_refused(request, member, typed, (other,))
    confirmed = request.POST.get("confirmed", "")
    try:
        jobs = verbs.start_all(member, typed.orders(), client_token=token, confirmed=confirmed)
    except verbs.Unconfirmed as asked:
        return render_refused(request, member, typed, asked=asked)
    except verbs.Refusal as refusal:
        # Problems of the order are found again as the form is drawn; problems of the press are not.
        pace = [words.describe_problem(one) for one in refusal.problems if one.field == "press"]
        return render_refused(request, member, typed, tuple(pace))
    return after_commit.answered(
        request, reverse("gallery", args=[team]), lambda: render_pressed(request, member, typed, jobs)
    )


def render_pressed(
    request: HttpRequest, member: Membership, typed: form_state.FormState, jobs: list[Job]
) -> HttpResponse:
    """Deletes the draft, keeps its options for the next form, and answers with the new card."""
    next_form = drafts.forget_pressed(member, typed, token_of(request))
    if not request.htmx:
        return HttpResponse(status=303, headers={"Location": reverse("gallery", args=[member.team.slug])})
    context = pressed_context(member, jobs, next_form, request.POST.get("watch", ""))
    return without_filling_parameters(request, render(request, "create/_pressed.html", context))


@login_required
@require_POST
def draft(request: HttpRequest, team: str) -> HttpResponse:
    """Stores what is typed. With a picture's button (``do``), or without JavaScript, this is also how the
    form changes. ``do=template`` goes on to save the words as a template, ``do=pick`` to the library,
    ``do=race`` to a race; ``do=find`` lists the models that can do what the form asks."""
    member = access.member_of(request.user, team)
    access.require(member, "make")
    form_lookups.reject_foreign_ids(member, request.POST)
    typed, refused = with_uploaded_files(member, request, form_state.from_request(member, request.POST))
    what = request.POST.get("do", "")
    if what:
        typed = (
            drafts.with_last_options(member, typed)
            if what == "last"
            else form_state.apply_picture_button(typed, what)
        )
    drafts.save(member, typed, token_of(request))
    away = {
        "template": f"{reverse('recipe_new', args=[team])}?from=draft",
        "pick": reverse("pictures", args=[team]),
        "race": reverse("race", args=[team]),
    }
    destination = away.get(what) or reverse("gallery", args=[team])
    return after_commit.answered(
        request, destination, lambda: render_drafted(request, member, typed, refused, away)
    )


def render_drafted(
    request: HttpRequest,
    member: Membership,
    typed: form_state.FormState,
    refused: tuple[str, ...],
    away: dict[str, str],
) -> HttpResponse:
    """Answers after the draft is stored: with the page that a button leads to (``away``), or with the form
    as the button changed it."""
    what = request.POST.get("do", "")
    if what in away:
        return HttpResponseClientRedirect(away[what]) if request.htmx else redirect(away[what])
    if what == "find":
        return finder.render_finder(request, member, typed)
    if request.htmx and what:
        context = {"composer": controls.compose(member, typed), "member": member, "team": member.team}
        return without_filling_parameters(request, render(request, "create/_wishes.html", context))
    for sentence in refused:
        messages.error(request, sentence)
    return (
        without_filling_parameters(request, HttpResponse(status=204))
        if request.htmx
        else redirect("gallery", member.team.slug)
    )


@login_required
@require_POST
def clip_continue(request: HttpRequest, team: str, public_id: str) -> HttpResponse:
    """Makes an upload of the last frame, or of a still, and opens a form for the next shot that starts from
    it."""
    member = access.member_of(request.user, team)
    access.require(member, "make")
    job = access.job_for(member, public_id)
    n = request.POST.get("n", "")
    stored = job.outputs.filter(state="stored").exclude(file="")
    last = any(is_present(one) for one in stored.filter(kind="last_frame"))
    which = {"n": n if n.isdecimal() else -1} if n else {"kind": "last_frame" if last else "video"}
    output = access.one(stored, **which)
    try:
        if output.kind == "video":
            upload = media_import.keep_frame(member, output, output.seconds or 0.0)
        else:
            upload = media_import.keep_still(member, output)
    except BadPicture as bad:
        messages.error(request, media_import.describe_refusal(bad, _("The last frame")))
        return redirect("clip", team, job.public_id)
    query = urlencode({"as": "continue", "picture": upload.pk})
    return redirect(f"{reverse('reuse', args=[team, job.public_id])}?{query}")


# --- what the answers are made of --------------------------------------------


def without_filling_parameters(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Removes ``?from=``, ``?recipe=`` and the like from the browser's address. The form that they filled
    is a draft now: a reload must show what was typed since, and not fill the form anew."""
    address = came_from(request)
    query = QueryDict(address.query, mutable=True)
    if not query.keys() & FILLING_PARAMETERS:
        return answer
    for name in FILLING_PARAMETERS:
        query.pop(name, None)
    answer.status_code = 200  # htmx ignores the new address in a 204
    return replace_url(answer, address._replace(query=query.urlencode()).geturl())


def token_of(request: HttpRequest) -> str:
    """The token of this rendering of the form."""
    return storable(request.POST.get("client_token", ""))[:64]


def with_uploaded_files(
    member: Membership, request: HttpRequest, typed: form_state.FormState
) -> tuple[form_state.FormState, tuple[str, ...]]:
    """Adds the files that came with the form itself (without JavaScript) to the form, and returns a
    sentence about each file that was refused."""
    sent = ((role, file) for role in image_roles.ROLES for file in request.FILES.getlist(f"file.{role}"))
    files, too_many = receiving.accept_files(request, sent)
    imported, refused = media_import.import_files(member, files)
    added = [(role, upload) for (role, _file), upload in imported]
    return (form_state.with_pictures(typed, added) if added else typed), (*too_many, *refused)


def render_refused(
    request: HttpRequest,
    member: Membership,
    typed: form_state.FormState,
    notes: tuple[str, ...] = (),
    asked: verbs.Unconfirmed | None = None,
) -> HttpResponse:
    """Answers with the form and its reasons, or with the sum that needs a confirmation (``asked``). Nothing
    was sent; the form is stored as a draft, so that it survives a reload."""
    token = token_of(request)
    drafts.save(member, typed, token)
    typed = replace(typed, draft=token)
    context = {
        "composer": controls.compose(member, typed, pressed=True, notes=notes, asked=asked),
        "others": drafts.count_other_drafts(member, token),
        "member": member,
        "team": member.team,
    }
    template = "create/_composer.html" if request.htmx else "create/page.html"
    return render(request, template, context, status=422)


def describe_key_change(member: Membership, request: HttpRequest, typed: form_state.FormState) -> str:
    """Says that the key of the form is deleted, paused or not of this model's vendor by now; empty where it
    is still usable. The press is stopped, because another key (a real one where it was a rehearsal) must
    not pay unseen. Raises 404 for a key that this person could never use."""
    key_id = request.POST.get("key")
    if not key_id or (typed.key is not None and str(typed.key.pk) == key_id):
        return ""
    key = access.one(access.keys_known(member), pk=key_id)
    theirs = access.usable_keys(member).filter(vendor=typed.model.vendor)
    if key.rehearsal and theirs.exists() and not theirs.filter(rehearsal=False).exists():
        return ""  # the model changed a moment ago, and it is a rehearsal either way
    return _("%(key)s cannot be used for this any more. Look at the key below, then press again.") % {
        "key": key
    }


def describe_price_change(member: Membership, request: HttpRequest, typed: form_state.FormState) -> str:
    """Says that the price is another one than the form showed, which happens where an option changed and
    the button was pressed before the form was drawn anew. Empty where the price is the one that was shown.
    """
    shown = request.POST.get("shown_price")
    checked = verbs.review_all(member, typed.orders())
    rehearsed = all(one.key is not None and one.key.rehearsal for one in checked.orders)
    if shown is None or rehearsed or checked.reasons or prices.shown_amount(checked) == shown:
        return ""
    price = labels.price(prices.total(checked), registry.vendor(typed.model.vendor).unit) or _(
        "unknown until done"
    )
    return _("The price changed meanwhile: it is %(price)s. Press again if that is right.") % {"price": price}


def pressed_context(
    member: Membership, jobs: list[Job], next_form: form_state.FormState, watch: str
) -> dict[str, object]:
    """The new card (one for several takes), a fresh form, and a poller that also watches the new jobs."""
    watched = list(access.clips_for(member).filter(public_id__in=list(live.read(watch))))
    made = list(
        cards.with_cards(access.clips_for(member).filter(pk__in=[job.pk for job in jobs])).order_by("pk")
    )
    return {
        "composer": controls.compose(member, next_form),
        "others": drafts.count_other_drafts(member, ""),
        "card": next(iter(takes.draw(made[:1], member, takes.stacks(member, made))), ""),
        "watch": live.Watch.over([*made, *watched], live.read(watch)),
        "mine": live.pending([*made, *watched], member),
        "member": member,
        "team": member.team,
    }
