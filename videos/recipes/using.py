"""Resolves which template an address means, and fills its gaps to get the words for the composer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import Http404
from django.urls import reverse

from videos import access
from videos.models import Membership, RecipeVersion
from videos.recipes import changes, shipped, wording
from videos.vendors.contract import Value


@dataclass(frozen=True, slots=True)
class Source:
    """A version of the team's, or a template that ships. ``of`` is the key under which its answers are
    stored; ``named`` what an address calls it; ``models`` are those it suits, empty where it suits all."""

    of: str
    named: str
    title: str
    description: str
    text: str
    models: tuple[str, ...] = ()
    options: Mapping[str, Value] = field(default_factory=dict)
    version: RecipeVersion | None = None

    @property
    def slug(self) -> str:
        """The slug of a template that ships; empty for the team's own."""
        return "" if self.version else self.named.partition(".")[2]

    @property
    def pieces(self) -> list[wording.Piece]:
        return wording.pieces(self.text, {})

    @property
    def variables(self) -> tuple[str, ...]:
        return wording.variables(self.text)


def of_version(version: RecipeVersion) -> Source:
    return Source(
        of=str(version.recipe_id),
        named=f"{version.recipe_id}.{version.number}",
        title=version.recipe.title,
        description=version.recipe.description,
        text=version.text,
        models=(version.model,) if version.model else (),
        options=version.options,
        version=version,
    )


def of_shipped(slug: str) -> Source:
    one = shipped.BY_SLUG.get(slug)
    if one is None:
        raise Http404
    return Source(
        of=f"shipped.{slug}",
        named=f"shipped.{slug}",
        title=str(one.title),
        description=str(one.description),
        text=str(one.text),
        models=one.models,
        options=one.options,
    )


def source(member: Membership, named: str) -> Source:
    """The template that ``17.3`` (a template, its version) or ``shipped.portrait`` names; raises 404."""
    of, _dot, rest = named.partition(".")
    if of == "shipped":
        return of_shipped(rest)
    if not (of.isdecimal() and rest.isdecimal() and len(named) < 30):
        raise Http404
    rows = access.recipe_versions_for(member).select_related("recipe")
    return of_version(access.one(rows, recipe=int(of), recipe__trashed_at=None, number=int(rest)))


def source_and_text(member: Membership, named: str) -> tuple[Source, str]:
    """The template, and its words with what this person last typed into its gaps."""
    found = source(member, named)
    return found, wording.fill(found.text, changes.answers(member, found.of))


def composer_address(team: str, found: Source) -> str:
    """The address that puts it into the form, or beside what is being typed there."""
    return reverse("recipe_beside", args=[team, found.named])
