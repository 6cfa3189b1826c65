"""Writes templates to files and reads them: JSON with every version, CSV with the newest.

What was exported can be imported unchanged; a file of which some part is invalid is refused as a whole,
with a reason for each part.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from videos import words
from videos.models import Recipe
from videos.recipes import forms
from videos.spreadsheet import cells, tables
from videos.vendors import options, registry
from videos.vendors.contract import Value

COLUMNS = ("title", "description", "private", "text", "model", "options")
NEEDED = ("title", "text")
MOST = 200  # templates in one file
VERSIONS_MOST = 1000  # of all of them together
BYTES_MOST = 2_000_000


class Unreadable(Exception):
    """``reasons``: sentences, each naming its row."""

    def __init__(self, reasons: list[str]):
        super().__init__("; ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class FileVersion:
    """One version as a file has it."""

    text: str
    model: str
    options: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class FileRecipe:
    """One template as a file has it; ``versions`` oldest first."""

    title: str
    description: str
    private: bool
    versions: tuple[FileVersion, ...]


# --- out ------------------------------------------------------------------------


def as_json(recipes: Iterable[Recipe]) -> str:
    """``recipes`` as JSON; they come with their versions prefetched."""
    templates = [
        {
            "title": recipe.title,
            "description": recipe.description,
            "private": recipe.private,
            "versions": [
                {"text": one.text, "model": one.model, "options": one.options}
                for one in sorted(recipe.versions.all(), key=lambda one: one.number)
            ],
        }
        for recipe in recipes
    ]
    return json.dumps({"templates": templates}, ensure_ascii=False, indent=1)


def as_csv(recipes: Iterable[Recipe]) -> str:
    rows = [list(COLUMNS)]
    for recipe in recipes:
        newest = max(recipe.versions.all(), key=lambda one: one.number)
        private, asked = ("yes" if recipe.private else ""), _pairs(newest.options)
        rows.append([recipe.title, recipe.description, private, newest.text, newest.model, asked])
    return cells.to_csv(rows)


def _pairs(asked: Mapping[str, Value]) -> str:
    return "; ".join(
        f"{name}={str(value).lower() if isinstance(value, bool) else value}" for name, value in asked.items()
    )


# --- in -------------------------------------------------------------------------


def read(text: str) -> list[FileRecipe]:
    """Reads the templates of a file: JSON where it begins like it, else a table. Raises Unreadable."""
    text = text.replace("\0", "")
    found = _from_json(text) if text.lstrip("\ufeff \r\n\t").startswith(("{", "[")) else _from_csv(text)
    if not found:
        raise Unreadable([gettext("There is no template in this file.")])
    if len(found) > MOST:
        raise Unreadable(
            [
                gettext("The file has %(count)s templates; %(most)s at a time come in.")
                % {"count": len(found), "most": MOST}
            ]
        )
    if sum(len(one.versions) for one in found) > VERSIONS_MOST:
        raise Unreadable([gettext("The file has more than %(most)s versions.") % {"most": VERSIONS_MOST}])
    reasons = [reason for n, one in enumerate(found, 1) for reason in _reasons(n, one)]
    if reasons:
        raise Unreadable(reasons)
    return found


def _from_json(text: str) -> list[FileRecipe]:
    try:
        content = json.loads(text.removeprefix("\ufeff"), object_hook=_as_it_is)
        return [_carried(one) for one in content["templates"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Unreadable(
            [
                gettext(
                    "This is no file of templates: a JSON file needs “templates”, and each of them “title” and “versions”."
                )
            ]
        ) from None


def _as_it_is(found: dict) -> dict:
    """Called by the JSON decoder for each object. With a line of Python in between, other threads get to
    run: two megabytes would else be read in one go of 60 ms."""
    return found


def _carried(one: Mapping) -> FileRecipe:
    versions = [
        FileVersion(
            _clean(version["text"]), _clean(version.get("model") or ""), _asked(version.get("options") or {})
        )
        for version in one["versions"]
    ]
    about = _clean(one["title"]), _clean(one.get("description") or "")
    return FileRecipe(*about, one.get("private") is True, tuple(versions))


def _clean(value: object) -> str:
    """Text as a form would have stored it: JSON can contain characters that no database stores."""
    text = str(value).replace("\0", "").encode("utf-8", "replace").decode()
    return text.replace("\r\n", "\n").strip()


def _asked(of: Mapping) -> dict[str, Value]:
    return {
        _clean(name): value if isinstance(value, bool | int) else _clean(value) for name, value in of.items()
    }


def _from_csv(text: str) -> list[FileRecipe]:
    try:
        found = tables.read_table(text)
    except tables.BadTable as bad:
        raise Unreadable(
            [
                gettext(
                    "Row %(row)s cannot be read: a quotation mark in it is never closed, or stands in the middle of a cell."
                )
                % {"row": bad.number}
            ]
        ) from None
    rows = found.lines
    if not rows:
        return []
    if found.further:
        count = found.further + len(rows) - 1
        raise Unreadable(
            [
                gettext("The file has %(count)s templates; %(most)s at a time come in.")
                % {"count": count, "most": MOST}
            ]
        )
    names = [cell.strip().casefold() for cell in rows[0].cells]
    if missing := [name for name in NEEDED if name not in names]:
        raise Unreadable([gettext("The table needs a column %(name)s.") % {"name": name} for name in missing])
    if duplicates := [name for name in COLUMNS if names.count(name) > 1]:
        raise Unreadable(
            [
                gettext("There are two columns %(name)s. Take one of them out.") % {"name": name}
                for name in duplicates
            ]
        )
    if too_wide := [row.number for row in rows[1:] if any(cell.strip() for cell in row.cells[len(names) :])]:
        raise Unreadable(
            [
                gettext(
                    "Row %(row)s has more cells than the table has columns: put quotation marks around a text with commas in it."
                )
                % {"row": row}
                for row in too_wide
            ]
        )
    return [_row(dict(zip(names, map(cells.original, row.cells), strict=False))) for row in rows[1:]]


def _row(found: Mapping[str, str]) -> FileRecipe:
    model = _clean(found.get("model", ""))
    asked = dict(
        pair.strip().partition("=")[::2] for pair in found.get("options", "").split(";") if pair.strip()
    )
    version = FileVersion(_clean(found.get("text", "")), model, _typed(model, asked))
    private = found.get("private", "").strip().casefold() in ("yes", "true", "1")
    return FileRecipe(
        _clean(found.get("title", "")), _clean(found.get("description", "")), private, (version,)
    )


def _typed(model: str, asked: Mapping[str, str]) -> dict[str, Value]:
    """Values of the types that the model's options have; what fits none stays text, and is refused later."""
    known, typed = registry.MODELS.get(model), {}
    for name, text in asked.items():
        option = known.option(name.strip()) if known else None
        try:
            typed[name.strip()] = options.parse_value(option, text) if option else text
        except options.BadValue:
            typed[name.strip()] = text
    return typed


def _reasons(n: int, one: FileRecipe) -> list[str]:
    """What is wrong with the template that is the ``n``-th of its file."""
    found = [] if one.versions else [gettext("It has no words.")]
    for said in one.versions:
        form = forms.RecipeForm({"title": one.title, "description": one.description, "text": said.text})
        found += [
            f"{form.fields[name].label}: {error}" for name, errors in form.errors.items() for error in errors
        ]
        model = registry.MODELS.get(said.model)
        if said.model and model is None:
            found.append(gettext("The model %(model)s is not known here.") % {"model": said.model[:100]})
        elif said.options and model is None:
            found.append(gettext("There are settings, and no model that they are for."))
        elif model is not None:
            found += [words.describe_problem(problem) for problem in forms.problems_of(model, said.options)]
    name = {"n": n, "title": one.title[:60]}
    return [
        gettext("Template %(n)s (%(title)s): %(why)s") % {**name, "why": why} for why in dict.fromkeys(found)
    ]
