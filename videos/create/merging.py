"""Compares two forms, what was being typed and what is to be used again, and makes one of them, field by
field, as a person chooses. Nothing is replaced that was not shown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from videos import labels
from videos.create import form_state as sheets
from videos.create import image_slots
from videos.create.form_state import FormState
from videos.create.mention_numbers import renumber_mentions
from videos.models import Membership
from videos.vendors import options, registry

MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True, slots=True)
class NamedPicture:
    """A picture in the comparison. ``said``: its role and its name."""

    said: str
    url: str


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a field. ``text`` is empty where there is nothing; ``pictures`` are in order."""

    text: str = ""
    pictures: tuple[NamedPicture, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One field in which the two forms differ. ``chosen`` is the side that is preselected: what was typed
    where there is something, else what is to be used again."""

    name: str
    label: str
    mine: Side
    theirs: Side
    chosen: str


def rows(member: Membership, mine: FormState, theirs: FormState) -> list[Row]:
    """Every field in which the two forms differ, in the order of the form."""
    return [row for row in _rows(member, mine, theirs) if row.mine != row.theirs]


def _rows(member: Membership, mine: FormState, theirs: FormState) -> Iterator[Row]:
    yield _row("prompt", _("Prompt"), Side(mine.prompt), Side(theirs.prompt), keep=bool(mine.prompt.strip()))
    pictures = (Side(pictures=_pictures(member, one)) for one in (mine, theirs))
    yield _row("pictures", _("Pictures"), *pictures, keep=bool(mine.pictures))
    yield _row("model", _("Model and key"), Side(_model(mine, theirs)), Side(_model(theirs, mine)))
    for name in _options(mine, theirs):
        if _has(mine, name) and _has(theirs, name):
            sides = (Side(_value(one, name)) for one in (mine, theirs))
            yield _row(f"option.{name}", labels.option_name(name), *sides)
    takes = (Side(f"× {one.takes}") for one in (mine, theirs))
    yield _row("takes", _("Takes"), *takes, keep=True)
    yield _row("project", _("Project"), Side(_project(mine)), Side(_project(theirs)), keep=bool(mine.project))


def _row(name: str, label: str, mine: Side, theirs: Side, keep: bool = False) -> Row:
    return Row(name, label, mine, theirs, MINE if keep else THEIRS)


def _pictures(member: Membership, sheet: FormState) -> tuple[NamedPicture, ...]:
    return tuple(
        NamedPicture(f"{labels.role_name(role)}: {upload.name}", image_slots.thumbnail(member, upload))
        for role, upload in sheet.pictures
    )


def _model(sheet: FormState, other: FormState) -> str:
    """The model with its key and the options that only this model takes: they go with the model, and are no
    choice of their own."""
    vendor = registry.vendor(sheet.model.vendor).name
    own = [
        f"{labels.option_name(name)}: {_value(sheet, name)}"
        for name in _options(sheet)
        if _has(sheet, name) and not _has(other, name)
    ]
    return " · ".join(filter(None, (sheet.model.name, vendor, str(sheet.key) if sheet.key else "", *own)))


def _options(*sheets: FormState) -> list[str]:
    asked = {name for sheet in sheets for name in sheet.options}
    return [name for name in labels.OPTIONS if name in asked]


def _has(sheet: FormState, name: str) -> bool:
    return sheet.model.option(name) is not None


def _value(sheet: FormState, name: str) -> str:
    """The value as the form shows it: the model's default where nothing was chosen."""
    return labels.option_value(name, sheet.options.get(name, sheet.model.option(name).default))


def _project(sheet: FormState) -> str:
    return sheet.project.name if sheet.project else _("No project")


def merged(member: Membership, mine: FormState, theirs: FormState, choice: Mapping[str, str]) -> FormState:
    """Makes one form of the two: each field from the side that ``choice`` names, else from the preselected
    side. Options that the chosen model cannot take are listed as changes."""
    sides = {MINE: mine, THEIRS: theirs}
    side = {
        row.name: sides.get(choice.get(row.name), sides[row.chosen]) for row in rows(member, mine, theirs)
    }
    words, given = side.get("prompt", mine), side.get("pictures", mine)
    chosen = side.get("model", mine)
    asked = {}
    for name in _options(mine, theirs):
        side_options = side.get(f"option.{name}", chosen).options
        if name in side_options:
            asked[name] = side_options[name]
    values, changes = options.carry_over(chosen.model, asked)
    source = theirs if theirs in (words, given) else mine
    kept = given is mine or not (mine.pictures or mine.waiting)
    whole = kept and (words is mine or not mine.prompt.strip())
    # Renumbered, so that no mention ends up naming a picture that it was not written for.
    shown = (*given.pictures, *given.waiting)
    return sheets.normalized(
        replace(
            chosen,
            prompt=renumber_mentions(words.prompt, sheets.numbered_ids(words), shown),
            pictures=given.pictures,
            waiting=given.waiting,
            shot=given.shot,
            options=values,
            changes=tuple(changes),
            takes=side.get("takes", mine).takes,
            project=side.get("project", mine).project,
            parent=source.parent,
            relation=source.relation,
            recipe=words.recipe,
            # Where all that was typed is kept, its draft is continued. Else that draft stays beside this one.
            draft=mine.draft if whole else "",
            typed={},
            problems=(),
        )
    )
