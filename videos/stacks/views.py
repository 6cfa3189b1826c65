"""Views of a stack: look at the takes of one wish side by side, keep one, make it larger."""

import secrets

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from videos import access, foreign_ids, live, words
from videos.jobs import verbs
from videos.models import Job, Membership
from videos.signin import login_required
from videos.stacks import queries


@login_required
@require_GET
def stack(request: HttpRequest, team: str, group: str) -> HttpResponse:
    member = access.member_of(request.user, team)
    return render(request, "stacks/page.html", queries.page_context(member, queries.takes_of(member, group)))


@csrf_exempt  # changes nothing; a page left open must not fail with a stale token
@login_required
@require_POST
def stack_changes(request: HttpRequest, team: str, group: str) -> HttpResponse:
    """Answers with the takes that changed since the page showed them; 204 where none did."""
    member = access.member_of(request.user, team)
    jobs = queries.takes_of(member, group)
    watched = live.read(request.POST.get("watch", ""))
    moved = {
        job.public_id.hex
        for job in jobs
        if job.public_id in watched and watched[job.public_id] != live.mark(job.version, job.percent)
    }
    if not moved:
        return HttpResponse(status=204)
    return render(request, "stacks/_changes.html", queries.page_context(member, jobs) | {"moved": moved})


@login_required
@require_POST
def stack_keeper(request: HttpRequest, team: str, group: str) -> HttpResponse:
    """Marks a take as the kept one, or (``none``) removes the mark."""
    member = access.member_of(request.user, team)
    named = request.POST.get("take", ""), request.POST.get("none", "")
    job = take_of(member, queries.takes_of(member, group), *named)
    access.require(member, "make")
    try:
        verbs.keep(member, job, kept="none" not in request.POST)
    except verbs.CannotBe as cannot:
        messages.error(request, words.describe_refusal(cannot.code))
    return redirect("stack", team, group)


@login_required
@require_POST
def stack_full(request: HttpRequest, team: str, group: str) -> HttpResponse:
    """Makes the kept take again at full size, as a clip of its own. One rendering of the page makes one,
    however often the press arrives."""
    member = access.member_of(request.user, team)
    job = take_of(member, queries.takes_of(member, group), request.POST.get("take", ""))
    access.require(member, "make")
    step = next((one for one in queries.steps_of(job) if one.key == request.POST.get("size")), None)
    if step is None:
        messages.error(request, _("That size cannot be had of this take. Nothing was sent."))
        return redirect("stack", team, group)
    token = request.POST.get("client_token", "").replace("\0", "")[:30]
    order = queries.order_of(
        job, step, client_token=own_token(token, job), confirmed=request.POST.get("confirmed", "")
    )
    shown = request.POST.get("shown_price")
    if not job.rehearsal and shown is not None and shown != queries.larger_size(member, job, step).amount:
        messages.error(request, _("The price changed meanwhile. Look at it again, then press once more."))
        return redirect("stack", team, group)
    try:
        made = verbs.start(member, order)
    except verbs.Unconfirmed as asked:
        fields = {"client_token": secrets.token_urlsafe(16), "take": job.public_id.hex, "size": step.key}
        seal = verbs.confirmation(member, asked.sums, own_token(fields["client_token"], job))
        confirm = words.Confirmation.of(asked.problems, asked.button, seal)
        context = {"member": member, "team": member.team, "job": job, "confirm": confirm, "fields": fields}
        return render(request, "clips/confirm.html", context, status=422)
    except verbs.Refusal as refusal:
        messages.error(request, " ".join(words.describe_problem(problem) for problem in refusal.problems))
        return redirect("stack", team, group)
    return redirect("clip", team, made.public_id)


def own_token(token: str, job: Job) -> str:
    """The client token of a press for this take: the page's token with the take's id, or empty."""
    return f"{token}-{job.public_id.hex}" if token else ""


def take_of(member: Membership, jobs: list[Job], *named: str) -> Job:
    """The take of this stack that a form names; raises 404."""
    found = next((job for job in jobs if job.public_id.hex in named), None)
    if found is None:
        foreign_ids.keep_out_jobs(member, "take", named)
        raise Http404
    return found
