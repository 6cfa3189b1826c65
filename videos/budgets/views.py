"""Views of the budgets page: everybody sees the budgets that concern them, managers change them."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from videos import access, after_commit, foreign_ids
from videos.budgets import changes
from videos.budgets.board import board
from videos.budgets.forms import (
    AmountForm,
    AnswerForm,
    AskForm,
    BudgetForm,
    EstimateForm,
    RateForm,
    ThresholdForm,
)
from videos.models import Membership
from videos.signin import login_required


def page(request: HttpRequest, member: Membership, status: int = 200, **forms_again: object) -> HttpResponse:
    """The page, or for htmx the part of it that changes. ``forms_again``: forms that were invalid, to be
    shown in place of empty ones."""
    manages = access.can(member, "manage")
    context = {
        "member": member,
        "team": member.team,
        "manages": manages,
        "spends": access.can(member, "spend"),
        "board": board(member),
        "form": BudgetForm(member) if manages else None,
        "rate_form": RateForm(),
        "estimate_form": EstimateForm(),
        "threshold_form": ThresholdForm(),
    }
    template = "budgets/_reply.html" if request.htmx else "budgets/page.html"
    return render(request, template, context | forms_again, status=status)


def reply_done(request: HttpRequest, member: Membership, sentence: str) -> HttpResponse:
    """Answers with a message and the page as it is now."""
    messages.success(request, sentence)
    destination = reverse("budgets", args=[member.team.slug])
    if not request.htmx:
        return redirect(destination)
    return after_commit.answered(request, destination, lambda: page(request, member))


def reply_invalid(request: HttpRequest, member: Membership, form: forms.Form, pk: int) -> HttpResponse:
    """Answers with what is wrong in one of many forms, that of the row ``pk``: the errors stand above the
    page, and what was typed stays in its place."""
    sentences = [
        f"{form.fields[name].label}: {error}" if name in form.fields else str(error)
        for name, errors in form.errors.items()
        for error in errors
    ]
    return page(request, member, 422, problems=sentences, typed={"pk": pk, **form.data.dict()})


@require_http_methods(["GET", "POST"])
@login_required
def budgets(request: HttpRequest, team: str) -> HttpResponse:
    member = access.member_of(request.user, team)
    if request.method == "GET":
        return page(request, member)
    access.require(member, "manage")
    kind, _colon, named = request.POST.get("scope", "").partition(":")
    known = {"key": access.keys_known, "project": access.projects_known}
    if kind in known:  # a person who has just left is reported by the form
        foreign_ids.keep_out(member, "scope", known[kind](member), [named])
    form = BudgetForm(member, request.POST)
    if form.is_valid():
        try:
            changes.start(member, **form.columns())
            return reply_done(request, member, _("The budget counts from the first of this month."))
        except changes.AlreadyExists:
            form.add_error("scope", _("There is a budget for this already: change that one."))
    return page(request, member, 422, form=form)


@require_POST
@login_required
def budget_change(request: HttpRequest, team: str, budget_id: int) -> HttpResponse:
    """Another amount, or (``end``) no budget any more."""
    member = access.member_of(request.user, team)
    budget = access.one(access.budgets_for(member), pk=budget_id)
    access.require(member, "manage")
    if "end" in request.POST:
        changes.end(member, budget)
        return reply_done(request, member, _("The budget is gone; it stops nothing any more."))
    form = AmountForm(request.POST)
    if not form.is_valid():
        return reply_invalid(request, member, form, budget.pk)
    changes.change(member, budget, form.cleaned_data["amount"])
    return reply_done(request, member, _("Saved."))


@require_POST
@login_required
def budget_ask(request: HttpRequest, team: str, budget_id: int) -> HttpResponse:
    member = access.member_of(request.user, team)
    budget = access.one(access.budgets_for(member), pk=budget_id)
    access.require(member, "spend")
    form = AskForm(request.POST)
    if not form.is_valid():
        return reply_invalid(request, member, form, budget.pk)
    try:
        changes.ask(member, budget, form.cleaned_data["amount"], form.cleaned_data["why"])
    except changes.AskedAlready:
        form.add_error(None, _("You asked already; the answer will be here."))
        return reply_invalid(request, member, form, budget.pk)
    return reply_done(request, member, _("Asked. The answer will be here."))


@require_POST
@login_required
def budget_answer(request: HttpRequest, team: str, request_id: int) -> HttpResponse:
    member = access.member_of(request.user, team)
    wish = access.one(access.budget_requests_for(member), pk=request_id)
    access.require(member, "manage")
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return reply_invalid(request, member, form, wish.pk)
    data = form.cleaned_data
    try:
        if data["decision"] == "approve":
            changes.approve(member, wish, data["granted"], data["note"])
            return reply_done(request, member, _("Raised for this month."))
        changes.decline(member, wish, data["note"])
        return reply_done(request, member, _("Declined."))
    except changes.AlreadyDecided:
        form.add_error(None, _("Somebody answered this request already."))
        return reply_invalid(request, member, form, wish.pk)


@require_POST
@login_required
def budget_rate(request: HttpRequest, team: str) -> HttpResponse:
    member = access.member_of(request.user, team)
    access.require(member, "manage")
    form = RateForm(request.POST)
    if not form.is_valid():
        return page(request, member, 422, rate_form=form)
    data = form.cleaned_data
    changes.set_rate(member, data["vendor"], data["currency"], data["per_credit"])
    return reply_done(request, member, _("Saved."))


@require_POST
@login_required
def budget_estimate(request: HttpRequest, team: str) -> HttpResponse:
    member = access.member_of(request.user, team)
    access.require(member, "manage")
    form = EstimateForm(request.POST)
    if not form.is_valid():
        return page(request, member, 422, estimate_form=form)
    changes.set_estimate(member, form.cleaned_data["model"], form.cleaned_data["amount"])
    return reply_done(request, member, _("Saved."))


@require_POST
@login_required
def budget_threshold(request: HttpRequest, team: str) -> HttpResponse:
    """The sum from which one press asks first."""
    member = access.member_of(request.user, team)
    access.require(member, "manage")
    form = ThresholdForm(request.POST)
    if not form.is_valid():
        return page(request, member, 422, threshold_form=form)
    changes.set_threshold(member, **form.columns())
    return reply_done(request, member, _("Saved."))
