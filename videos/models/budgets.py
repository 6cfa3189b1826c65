"""How much may be spent in a month, by whom, counted in what; and who asked for more.

What was spent is in no column here: it is read from the generations themselves each time
(videos/spending/reckoning.py), so that there is no second counter to drift away."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from .keys import VendorKey
from .people import Team, User
from .work import Project


class Measure(models.TextChoices):
    PRESSES = "presses", _("presses")
    CREDITS = "credits", _("a vendor's credits")
    MONEY = "money", _("money")


class Budget(models.Model):
    """``amount`` for every calendar month, for the whole team or for one person, key or
    project. ``of``: the vendor's slug for credits, the currency (ISO 4217) for money."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="budgets")
    person = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="+")
    key = models.ForeignKey(VendorKey, models.CASCADE, null=True, blank=True, related_name="+")
    project = models.ForeignKey(Project, models.CASCADE, null=True, blank=True, related_name="+")
    measure = models.CharField(max_length=10, choices=Measure)
    of = models.CharField(max_length=40, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=6)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)  # no longer counts; kept for the book

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "team", Coalesce("person", 0), Coalesce("key", 0), Coalesce("project", 0), "measure", "of",
                condition=Q(ended_at__isnull=True), name="one_budget_per_scope_and_unit",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True, key__isnull=True)
                | Q(person__isnull=True, project__isnull=True)
                | Q(key__isnull=True, project__isnull=True),
                name="a_budget_has_one_scope",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="a_budget_is_no_debt"),
            models.CheckConstraint(
                condition=Q(measure__in=[one.value for one in Measure]), name="budget_measure_known"
            ),
        ]  # fmt: skip


class BudgetRequest(models.Model):
    """More for one month, asked for once and decided once. ``granted`` adds to the amount
    of ``month`` (its first day), and to no other."""

    class State(models.TextChoices):
        OPEN = "open", _("waiting for an answer")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")

    budget = models.ForeignKey(Budget, models.CASCADE, related_name="requests")
    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    amount = models.DecimalField(max_digits=14, decimal_places=6)
    why = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    month = models.DateField()
    granted = models.DecimalField(max_digits=14, decimal_places=6, default=0)
    note = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["budget", "person"], condition=Q(state="open"), name="one_open_request_per_person"
            )
        ]


class Threshold(models.Model):
    """From this sum on, one press asks before it is sent. ``measure`` and ``of`` as a budget
    has them, for credits and money alone."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="thresholds")
    measure = models.CharField(max_length=10, choices=Measure)
    of = models.CharField(max_length=40)
    amount = models.DecimalField(max_digits=14, decimal_places=6)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "measure", "of"], name="one_threshold_per_unit"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="a_threshold_is_no_debt"),
            models.CheckConstraint(
                condition=Q(measure__in=[Measure.CREDITS, Measure.MONEY]), name="threshold_measure_known"
            ),
        ]


class Rate(models.Model):
    """What one credit of a vendor costs this team, as somebody of theirs entered it."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="rates")
    vendor = models.CharField(max_length=40)
    currency = models.CharField(max_length=3)
    per_credit = models.DecimalField(max_digits=16, decimal_places=8)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "vendor", "currency"], name="one_rate_per_vendor")
        ]


class OwnEstimate(models.Model):
    """What a press of a model may cost, in its vendor's credits, where the vendor publishes
    no price. Entered by the team, and called "your estimate" wherever it is shown."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="own_estimates")
    model = models.CharField(max_length=100)
    amount = models.DecimalField(max_digits=14, decimal_places=6)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "model"], name="one_estimate_per_model")]
