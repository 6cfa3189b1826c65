"""Views of the page of one generation, and of everything a person can do with it."""

import secrets
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from videos import access, after_commit, cards, foreign_ids, live, words
from videos.clips import queries
from videos.clips.forms import ImportForm
from videos.jobs import verbs
from videos.models import Job, Membership
from videos.signin import login_required


@login_required
@require_GET
def clip(request: HttpRequest, team: str, public_id: str) -> HttpResponse:
    """Shows the page; for its own poller 204 while nothing changed, else its content anew."""
    member = access.member_of(request.user, team)
    job = access.job_for(member, public_id)
    asked = request.GET.get("mark")
    if request.htmx and asked == live.mark(job.version, job.percent):
        return HttpResponse(status=204)
    context = queries.page_context(member, job, request.GET.get("n", ""))
    context["act_token"] = secrets.token_urlsafe(16)
    return render(request, "clips/_clip.html" if request.htmx and asked else "clips/page.html", context)


@login_required
@require_POST
def clip_retry(request: HttpRequest, team: str, public_id: str) -> HttpResponse:
    """Starts the same generation again as a new job. One page's button makes one job, however often the
    press arrives."""
    member = access.member_of(request.user, team)
    job = access.job_for(member, public_id)
    token = request.POST.get("client_token", "").replace("\0", "")[:30]
    own = f"{token}-{job.public_id.hex}" if token else ""
    try:
        made = verbs.retry(member, job, client_token=own, confirmed=request.POST.get("confirmed", ""))
    except verbs.Unconfirmed as asked:
        token = secrets.token_urlsafe(16)
        return ask_to_confirm(
            request, member, job, asked, f"{token}-{job.public_id.hex}", {"client_token": token}
        )
    except verbs.Refusal as refusal:
        return render_refusal(
            request, job, " ".join(words.describe_problem(problem) for problem in refusal.problems)
        )
    destination = reverse("clip", args=[team, made.public_id])
    if not request.htmx:
        return redirect(destination)
    return after_commit.answered(request, destination, lambda: pressed_again(request, member, made))


def pressed_again(request: HttpRequest, member: Membership, made: Job) -> HttpResponse:
    """Answers with the new card, and a poller that watches it too."""
    shown = queries.with_card_fields(made)
    context = {
        "member": member,
        "team": member.team,
        "card": cards.card(shown, member),
        "watch": watch_with(request, member, shown),
        "act_token": secrets.token_urlsafe(16),
    }
    return render(request, "clips/_again.html", context)


@login_required
@require_POST
def clip_stop(request: HttpRequest, team: str, public_id: str) -> HttpResponse:
    return act(request, team, public_id, verbs.stop)


@login_required
@require_POST
def clip_decision(request: HttpRequest, team: str, public_id: str) -> HttpResponse:
    """Records what a person decided about a job whose answer was lost."""
    access.job_for(access.member_of(request.user, team), public_id)
    choice = request.POST.get("choice", "")
    if choice not in ("try_again", "give_up"):
        return HttpResponse(status=422)
    confirmed = request.POST.get("confirmed", "")
    return act(request, team, public_id, lambda member, job: verbs.decide(member, job, choice, confirmed))


@login_required
@require_POST
def clip_adopt(request: HttpRequest, team: str, public_id: str) -> HttpResponse:
    task_id = request.POST.get("task_id", "")[:200]
    return act(request, team, public_id, lambda member, job: verbs.adopt(member, job, task_id))


@login_required
@require_POST
def clip_look(request: HttpRequest, team: str, public_id: str) -> HttpResponse:
    """Asks the vendor now, or fetches a file again that could not be fetched or shown, or is missing."""
    return act(request, team, public_id, look_or_fetch)


@login_required
@require_POST
def clip_check(request: HttpRequest, team: str, public_id: str) -> HttpResponse:
    """Opens a file again that arrived and could not be shown."""
    return act(request, team, public_id, verbs.check_again)


@login_required
@require_GET
def clip_link(request: HttpRequest, team: str, public_id: str) -> HttpResponse:
    """Redirects to the vendor's own address of a file that could not be fetched. The address is in no page,
    and the vendor does not learn where its reader came from."""
    member = access.member_of(request.user, team)
    job = access.job_for(member, public_id)
    try:
        answer = HttpResponseRedirect(verbs.link(member, job))
    except verbs.CannotBe as cannot:
        return render_refusal(request, job, words.describe_refusal(cannot.code))
    answer["Referrer-Policy"] = "no-referrer"
    answer["Cache-Control"] = "no-store"
    return answer


@login_required
@require_POST
def clip_trash(request: HttpRequest, team: str, public_id: str) -> HttpResponse:
    return act(request, team, public_id, verbs.trash)


@login_required
@require_POST
def clip_restore(request: HttpRequest, team: str, public_id: str) -> HttpResponse:
    return act(request, team, public_id, verbs.restore)


@login_required
@require_http_methods(["GET", "POST"])
def bring_in(request: HttpRequest, team: str) -> HttpResponse:
    """Imports a result that was made elsewhere: the vendor is asked about its task id, and nothing is
    ordered."""
    member = access.member_of(request.user, team)
    access.require(member, "spend")
    foreign_ids.keep_out(member, "key", access.keys_known(member), request.POST.getlist("key"))
    foreign_ids.keep_out_jobs(member, "none_of", request.POST.get("none_of", "").split())
    form, perhaps = ImportForm(member, request.POST or None), []
    if request.method == "POST" and form.is_valid():
        try:
            job = verbs.import_result(member, **form.wish(), none_of=request.POST.get("none_of", "").split())
            messages.success(request, _("Brought in. It is watched like any other from now on."))
            return redirect("clip", team, job.public_id)
        except verbs.AlreadyHere as here:
            messages.info(request, _("This task is here already: this is it."))
            return redirect("clip", team, here.job.public_id)
        except verbs.MaybeLostAnswer as lost:
            perhaps = lost.jobs
        except verbs.CannotBe as cannot:
            form.add_error("task_id", words.describe_refusal(cannot.code))
        except verbs.Refusal as refusal:
            form.add_error(None, [words.describe_problem(one) for one in refusal.problems])
    status = 200 if request.method == "GET" else 422
    context = {"member": member, "team": member.team, "form": form, "perhaps": perhaps}
    return render(request, "clips/bring_in.html", context, status=status)


def act(
    request: HttpRequest, team: str, public_id: str, verb: Callable[[Membership, Job], Job]
) -> HttpResponse:
    """Does one thing to one job, and answers with the card in its new state, or redirects to its page."""
    member = access.member_of(request.user, team)
    job = access.job_for(member, public_id)
    try:
        verb(member, job)
    except verbs.CannotBe as cannot:
        return render_refusal(request, job, words.describe_refusal(cannot.code))
    except verbs.Unconfirmed as asked:
        return ask_to_confirm(request, member, job, asked, verbs.second_token(job), {"choice": "try_again"})
    except verbs.Refusal as refusal:
        return render_refusal(
            request, job, " ".join(words.describe_problem(problem) for problem in refusal.problems)
        )
    destination = reverse("clip", args=[team, job.public_id])
    if not request.htmx:
        return redirect(destination)
    return after_commit.answered(request, destination, lambda: redrawn(request, member, job))


def redrawn(request: HttpRequest, member: Membership, job: Job) -> HttpResponse:
    """Its card as it is now, in the place of the one that was pressed. Where the page says what it
    watches, it also gets a poller that watches this one: an ended one is fetched again."""
    shown = queries.with_card_fields(job)
    card = cards.in_place(cards.card(shown, member))
    if "watch" not in request.POST:
        return HttpResponse(card)
    context = {
        "member": member,
        "team": member.team,
        "watch": watch_with(request, member, shown),
        "swap": True,
    }
    return HttpResponse(card + render_to_string("gallery/_poll.html", context, request))


def watch_with(request: HttpRequest, member: Membership, shown: Job) -> live.Watch:
    """What the page watches already, and ``shown``."""
    watched = live.read(request.POST.get("watch", ""))
    beside = access.clips_for(member).filter(public_id__in=list(watched)).exclude(pk=shown.pk)
    return live.Watch.over(
        [shown, *beside], {found: mark for found, mark in watched.items() if found != shown.public_id}
    )


def ask_to_confirm(
    request: HttpRequest,
    member: Membership,
    job: Job,
    asked: verbs.Unconfirmed,
    token: str,
    fields: dict[str, str],
) -> HttpResponse:
    """Answers with the sum and one button that confirms exactly that sum. Nothing was sent."""
    confirm = words.Confirmation.of(
        asked.problems, asked.button, verbs.confirmation(member, asked.sums, token)
    )
    context = {"member": member, "team": member.team, "job": job, "confirm": confirm, "fields": fields}
    template = "clips/_confirm.html" if request.htmx else "clips/confirm.html"
    return render(request, template, context, status=422)


def look_or_fetch(member: Membership, job: Job) -> Job:
    fetches = job.state in ("download_failed", "succeeded") or verbs.stuck(job)
    return verbs.fetch_again(member, job) if fetches else verbs.look_again(member, job)


def render_refusal(request: HttpRequest, job: Job, sentence: str) -> HttpResponse:
    """Says that it could not be done, and why. Nothing was changed."""
    sentence = sentence or _("That is not possible any more.")
    if request.htmx:
        return render(request, "clips/_sorry.html", {"sentence": sentence}, status=422)
    messages.error(request, sentence)
    return redirect("clip", job.team.slug, job.public_id)
