"""Reads the templates of a team, most recently changed first, a page at a time, and how each version did."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from statistics import median

from django.conf import settings
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from videos import access, labels
from videos.models import Membership, Recipe, RecipeVersion
from videos.recipes import changes, comparing, shipped, using
from videos.search.words import parse_terms
from videos.states import State

PAGE = 24
VERSIONS = 20
PRICED_MOST = 500  # generations whose price a median looks at
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """A template in the list, with its newest version and how often it was used, in earnest
    and in rehearsal together."""

    recipe: Recipe
    version: RecipeVersion
    source: using.Source
    used: int


@dataclass(frozen=True, slots=True)
class Page:
    entries: list[Entry]
    older: str  # the cursor of what comes after, or empty


def page(member: Membership, typed: str = "", cursor: str = "", *, trash: bool = False) -> Page:
    """One page, in four queries for any number of templates."""
    rows = access.recipes_known(member).filter(trashed_at__isnull=not trash).filter(search_filter(typed))
    if at := read_cursor(cursor):
        # This shape walks the index; see videos/history/queries.py.
        rows = rows.filter(changed_at__lte=at[0]).filter(Q(changed_at__lt=at[0]) | Q(pk__lt=at[1]))
    newest = RecipeVersion.objects.filter(recipe=OuterRef("pk")).order_by("-number")
    rows = rows.select_related("created_by").annotate(newest=Subquery(newest.values("pk")[:1]))
    found = list(rows.order_by("-changed_at", "-pk")[: PAGE + 1])
    older = write_cursor(found[PAGE - 1]) if len(found) > PAGE else ""
    return Page(_entries(member, found[:PAGE]), older)


def search_filter(typed: str) -> Q:
    """Matches templates that contain every word, ignoring case in every script."""
    asked = Q()
    for term in parse_terms(typed):
        holds = Q(sought__contains=changes.folded(term.text))
        asked &= holds if term.wanted else ~holds
    return asked


def _entries(member: Membership, found: Sequence[Recipe]) -> list[Entry]:
    versions = RecipeVersion.objects.select_related("recipe").in_bulk([recipe.newest for recipe in found])
    used = dict(
        access.presses_for(member)
        .filter(recipe__recipe__in=found)
        .order_by()
        .values_list("recipe__recipe")
        .annotate(Count("pk"))
    )
    return [
        Entry(
            recipe, versions[recipe.newest], using.of_version(versions[recipe.newest]), used.get(recipe.pk, 0)
        )
        for recipe in found
    ]


def shipped_matching(typed: str) -> list[using.Source]:
    """The templates that ship with the studio and match the same search, in the viewer's language."""
    found = [using.of_shipped(one.slug) for one in shipped.SHIPPED]
    for term in parse_terms(typed):
        word = changes.folded(term.text)
        found = [
            one
            for one in found
            if (word in changes.folded(f"{one.title}\n{one.description}\n{one.text}")) == term.wanted
        ]
    return found


def deleted_at(member: Membership, recipe: Recipe) -> datetime | None:
    """When a template in the trash is deleted for good; None while a generation that was made from it is
    still here."""
    made = access.presses_for(member).filter(recipe__recipe=recipe, purged_at=None)
    return None if made.exists() else recipe.trashed_at + timedelta(days=settings.TRASH_DAYS)


# --- versions -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VersionStats:
    """How a version did. Rehearsals are counted apart; ``costs`` is a median per vendor, from real
    generations whose price is published or was told by the vendor."""

    used: int = 0
    made: int = 0
    rehearsed: int = 0
    rehearsed_made: int = 0
    costs: tuple[str, ...] = ()


def versions(recipe: Recipe, before: int | None = None) -> tuple[list[RecipeVersion], int | None]:
    """A page of the versions, newest first, and the number before which the next page begins."""
    rows = recipe.versions.select_related("created_by")
    found = list((rows.filter(number__lt=before) if before else rows)[: VERSIONS + 1])
    return found[:VERSIONS], found[VERSIONS - 1].number if len(found) > VERSIONS else None


def version_stats(member: Membership, of: Iterable[RecipeVersion]) -> dict[int, VersionStats]:
    """The statistics by the version's id, in two queries for any number of versions."""
    jobs = access.presses_for(member).filter(recipe__in=list(of)).order_by()
    counts: dict[tuple[int, bool], tuple[int, int]] = {
        (version, rehearsal): (used, made)
        for version, rehearsal, used, made in jobs.values_list("recipe", "rehearsal").annotate(
            used=Count("pk"), made=Count("pk", filter=Q(state=State.SUCCEEDED))
        )
    }
    costs = medians(jobs) if access.can(member, "spend") else {}
    return {
        version: VersionStats(
            *counts.get((version, False), (0, 0)),
            *counts.get((version, True), (0, 0)),
            costs.get(version, ()),
        )
        for version in {version for version, _rehearsal in counts}
    }


def medians(jobs: QuerySet) -> dict[int, tuple[str, ...]]:
    rows = jobs.filter(rehearsal=False, state=State.SUCCEEDED).filter(
        Q(charge__isnull=False) | Q(estimate__isnull=False)
    )
    paid: dict[int, dict[tuple[str, str], list[Decimal]]] = {}
    columns = ("recipe", "vendor", "unit", "charge", "estimate")
    for version, vendor, unit, charge, estimate in rows.order_by("-pk").values_list(*columns)[:PRICED_MOST]:
        amount = estimate if charge is None else charge
        paid.setdefault(version, {}).setdefault((vendor, unit), []).append(amount)
    return {
        version: tuple(
            f"{labels.amount(median(amounts), unit)} ({labels.vendor_name(vendor)})"
            for (vendor, unit), amounts in sorted(of.items())
        )
        for version, of in paid.items()
    }


def compared(
    version: RecipeVersion, against: int | None
) -> tuple[RecipeVersion | None, comparing.Comparison | None]:
    """A version compared with the one of the number ``against``, else with the one before it; None where
    there is no other."""
    others = version.recipe.versions.exclude(pk=version.pk)
    if against is not None and against < 2**31:
        other = others.filter(number=against).first()
    else:
        other = others.filter(number__lt=version.number).first()
    return other, comparing.compare(other.text, version.text) if other else None


# --- cursors: microseconds and id, exact ----------------------------------------


def write_cursor(recipe: Recipe) -> str:
    return f"{(recipe.changed_at - EPOCH) // timedelta(microseconds=1)}.{recipe.pk}"


def read_cursor(text: str) -> tuple[datetime, int] | None:
    micros, dot, pk = text.partition(".")
    if not (dot and micros.isdecimal() and pk.isdecimal() and len(micros) <= 17 and len(pk) <= 18):
        return None
    return EPOCH + timedelta(microseconds=int(micros)), int(pk)
