"""Views of the keys page: keys are shown masked, changed by those who may, and never shown again."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from videos import access, authority
from videos.jobs.running import reach
from videos.keys import changes, reaching, trial
from videos.keys.forms import KeyForm, LabelForm, ReplaceForm
from videos.keys.queries import keys_by_vendor
from videos.models import Membership
from videos.signin import ask_for_password, is_fresh, login_required


def page(request: HttpRequest, member: Membership, form: KeyForm, status: int = 200) -> HttpResponse:
    context = {
        "member": member,
        "team": member.team,
        "form": form,
        "may_add": access.can(member, "spend"),
        "shelves": keys_by_vendor(member),
        "reach": reaching.reachability(member),
        **password_first(request, f"{reverse('keys', args=[member.team.slug])}#add"),
    }
    return render(request, "keys/page.html", context, status=status)


@sensitive_post_parameters("key")
@require_http_methods(["GET", "POST"])
@login_required
def keys(request: HttpRequest, team: str) -> HttpResponse:
    member = access.member_of(request.user, team)
    if request.method == "GET":
        return page(request, member, KeyForm(member, initial=fields_beside_key(request.GET)))
    access.require(member, "spend")
    if not is_fresh(request):
        return ask_for_password(
            request, f"{reverse('keys', args=[team])}?{urlencode(fields_beside_key(request.POST))}#add"
        )
    form = KeyForm(member, request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            row = changes.add(
                member,
                vendor=data["vendor"],
                key=data["key"],
                label=data["label"],
                personal=data["owner"] == "me",
                rehearsal=data["kind"] == "rehearsal",
            )
            messages.success(request, _("%(key)s is ready to be used.") % {"key": row})
            return redirect("keys", team)
        except changes.AlreadyKnown as known:
            form.add_error("key", _("You have this key already: %(key)s.") % {"key": known.row})
    return page(request, member, form, status=422)


def password_first(request: HttpRequest, back: str) -> dict[str, object]:
    """Tells the page whether the password has to be typed first, before a key is pasted in vain."""
    return {"fresh": is_fresh(request), "back": urlencode({"next": back})}


def fields_beside_key(data: QueryDict) -> dict[str, str]:
    """The other fields of the form, to be put into an address. The key is not among them, and neither is
    free text, which may be a key in the wrong field."""
    return {name: data[name][:60] for name in ("vendor", "kind", "owner") if name in data}


@require_POST
@login_required
def keys_reach(request: HttpRequest, team: str) -> HttpResponse:
    """Makes the worker send a request to our public address; the page shows the result."""
    member = access.member_of(request.user, team)
    with authority.acting(member, "manage"):
        asked = reach.request_try()
    if not asked:
        messages.info(request, _("It was tried a moment ago."))
    return redirect(f"{reverse('keys', args=[team])}#reach")


@require_POST
@login_required
def key_test(request: HttpRequest, team: str, key_id: int) -> HttpResponse:
    member = access.member_of(request.user, team)
    verdict = trial.test(member, access.key_for(member, key_id))
    level, sentence = describe_verdict(verdict)
    messages.add_message(request, level, sentence)
    return redirect("keys", team)


def describe_verdict(verdict: trial.Verdict) -> tuple[int, str]:
    return {
        trial.Answer.WORKS: (messages.SUCCESS, _("The vendor takes this key.")),
        trial.Answer.REFUSED: (messages.ERROR, _("The vendor refuses this key. Its words are below.")),
        trial.Answer.UNCLEAR: (
            messages.WARNING,
            _("The vendor answered, but neither yes nor no. Try again in a minute."),
        ),
        trial.Answer.UNREACHABLE: (
            messages.WARNING,
            _("The vendor did not answer. That says nothing about the key."),
        ),
        trial.Answer.SEALED: (
            messages.ERROR,
            _("The studio cannot open this key any more. Delete it and add it again."),
        ),
        trial.Answer.TOO_SOON: (messages.INFO, _("It was tested a moment ago.")),
    }[verdict.answer]


@require_POST
@login_required
def key_state(request: HttpRequest, team: str, key_id: int) -> HttpResponse:
    """``state``: ``paused``, ``active`` or ``topped_up``."""
    member = access.member_of(request.user, team)
    row = access.key_for(member, key_id)
    if request.POST.get("state") == "paused":
        changes.pause(member, row)
        messages.success(request, _("%(key)s rests: nothing new is sent with it.") % {"key": row})
    elif request.POST.get("state") == "topped_up":
        changes.mark_topped_up(member, row)
        messages.success(request, _("%(key)s has credits again, as you say.") % {"key": row})
    else:
        changes.resume(member, row)
        messages.success(request, _("%(key)s is in use again.") % {"key": row})
    return redirect("keys", team)


@require_POST
@login_required
def key_rename(request: HttpRequest, team: str, key_id: int) -> HttpResponse:
    member = access.member_of(request.user, team)
    row = access.key_for(member, key_id)
    form = LabelForm(request.POST)
    if form.is_valid():
        changes.rename(member, row, form.cleaned_data["label"])
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("A label has at most 60 characters."))
    return redirect("keys", team)


@sensitive_post_parameters("key")
@require_http_methods(["GET", "POST"])
@login_required
def key_replace(request: HttpRequest, team: str, key_id: int) -> HttpResponse:
    """Replaces a key by another one that the vendor gave to the same account."""
    member = access.member_of(request.user, team)
    row = access.key_for(member, key_id)
    if request.method == "POST" and not is_fresh(request):
        return ask_for_password(request, reverse("key_replace", args=[team, row.pk]))
    form = ReplaceForm(row, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            changes.replace(member, row, form.cleaned_data["key"])
            messages.success(request, _("Replaced. What waited for this key goes on."))
            return redirect("keys", team)
        except changes.AlreadyKnown as known:
            form.add_error("key", _("You have this key already: %(key)s.") % {"key": known.row})
    context = {"form": form, "row": row, "member": member, "team": member.team}
    context |= password_first(request, reverse("key_replace", args=[team, row.pk]))
    return render(request, "keys/replace.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def key_delete(request: HttpRequest, team: str, key_id: int) -> HttpResponse:
    member = access.member_of(request.user, team)
    row = access.key_for(member, key_id)
    if not is_fresh(request):
        return ask_for_password(request, reverse("keys", args=[team]))
    try:
        changes.delete(member, row)
        messages.success(request, _("%(key)s is deleted.") % {"key": row})
    except changes.InUse as waiting:
        problem = ngettext(
            "%(count)d generation still waits to be sent with it: stop it first, or pause the key.",
            "%(count)d generations still wait to be sent with it: stop them first, or pause the key.",
            waiting.count,
        )
        messages.error(request, problem % {"count": waiting.count})
    return redirect("keys", team)
