"""Money added up inside the database, exactly: amounts have six decimals, so they are
added as whole millionths (SQLite adds decimals as floats)."""

from decimal import Decimal

from django.db.models import BigIntegerField, Case, Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Cast, Round

from videos.models import Job, SpendAttempt
from videos.spending.ledger import Pile
from videos.states import ATTEMPT_STANDS, Attempt, Money

MILLION = 1_000_000
STANDS = Q(state__in=[state.value for state in ATTEMPT_STANDS])
REPORTED = STANDS & Q(job__charge__isnull=False)


def millionths(amount) -> Cast:
    return Cast(Round(amount * MILLION), BigIntegerField())


# The same reading as ledger.Account.piles has of one job.
AMOUNT = Case(When(REPORTED, then=millionths(F("job__charge"))), default=millionths(F("job__estimate")))
BACK = Case(
    When(~STANDS | Q(job__refunded__isnull=True), then=Value(0)),
    When(millionths_refunded__gt=F("millionths_worth"), then=F("millionths_worth")),
    default=F("millionths_refunded"),
    output_field=BigIntegerField(),
)


def requests_of(jobs: QuerySet[Job]) -> QuerySet[SpendAttempt]:
    """The paid requests of ``jobs``, ``valued``."""
    return valued(SpendAttempt.objects.filter(job__in=jobs.order_by()))


def valued(requests: QuerySet[SpendAttempt]) -> QuerySet[SpendAttempt]:
    """Each with ``millionths_worth`` (null: nobody knows) and ``millionths_back``."""
    return requests.annotate(
        millionths_worth=AMOUNT,
        millionths_refunded=millionths(F("job__refunded")),
        millionths_back=BACK,
        reported=Case(When(REPORTED, then=Value(True)), default=Value(False)),
    )


def piles(requests: QuerySet[SpendAttempt], *by: str, **named) -> list[tuple[tuple, Pile]]:
    """``valued`` requests in one query, piled by ``by`` (columns of SpendAttempt) and
    ``named`` expressions, in that order; whatever stands alike is one pile."""
    rows = (
        requests.values(*by, "state", "job__money", "reported", **named)
        .annotate(
            requests=Count("pk"),
            priced=Count("millionths_worth"),
            worth=Sum("millionths_worth"),
            back=Sum("millionths_back"),
        )
        .order_by()
    )
    return [(tuple(row[name] for name in (*by, *named)), _pile(row)) for row in rows]


def _pile(row: dict) -> Pile:
    return Pile(
        attempt=Attempt(row["state"]),
        money=Money(row["job__money"]),
        amount=units(row["worth"]),
        refunded=units(row["back"]),
        reported=row["reported"],
        requests=row["requests"],
        priced=row["priced"],
    )


def units(found: int | None) -> Decimal:
    return Decimal(found or 0) / MILLION
