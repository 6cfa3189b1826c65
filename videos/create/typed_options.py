"""Reads the options of a model from a form: texts go in, typed values come out."""

from collections.abc import Mapping

from videos.vendors import options
from videos.vendors.contract import Model, Problem, Value


def read_options(model: Model, data: Mapping) -> tuple[dict[str, Value], dict[str, str], list[Problem]]:
    """Returns typed values, the texts that are no legal value, and a problem for each of those. A box that
    is not ticked counts as "no"; an empty field counts as not answered."""
    values: dict[str, Value] = {}
    typed, problems = {}, []
    for option in model.options:
        text = storable(data.get(f"option.{option.name}", ""))
        if options.is_flag(option):
            text = text or ("false" if "was" in data else "")
        if not text.strip():
            continue
        try:
            values[option.name] = options.parse_value(option, text)
        except options.BadValue as bad:
            typed[option.name] = text[:100]
            problems.append(bad.problem)
    unknown = {name.removeprefix("option.") for name in data if name.startswith("option.")}
    for name in sorted(unknown - {option.name for option in model.options}):
        # Not an option of this model: kept, so that the check can name it.
        values[storable(name)[:100]] = storable(data[f"option.{name}"])[:100]
    for group in model.one_of:
        # The form always sends the first of a group; where another one is filled in, that one is meant.
        for name in group[1:]:
            if name in values and group[0] in values:
                del values[group[0]]
    return values, typed, problems


def storable(text: str) -> str:
    """Removes NUL, the one character that PostgreSQL cannot store."""
    return text.replace("\0", "")
