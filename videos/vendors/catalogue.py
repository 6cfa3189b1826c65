"""Writes out what every model can do: as JSON values, as lines for a terminal, as Markdown.

``manage.py models`` prints it and docs/vendors.md is generated from it, so both agree
with the form and the checks.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from .contract import Mode, Model, Option, PriceTable, Rule, Slot, Value, Vendor

GENERATED = (
    "<!-- Made by `manage.py models --markdown` from videos/vendors; a test keeps it current. -->\n\n"
    "# Vendors and models\n\n"
    "What each model takes, as the studio knows it: the form, the server's check and the command line\n"
    "follow the same data. The documents it comes from, and where they leave a choice, are in\n"
    "[vendors/](vendors/between.md).\n"
)


def model_as_json(vendor: Vendor, model: Model) -> dict[str, object]:
    """Returns one model as plain JSON values. Amounts are text, to keep every digit."""
    return {
        "model": model.key,
        "id": model.id,
        "name": model.name,
        "medium": model.medium,
        "vendor": vendor.slug,
        "prompt": {
            "minimum": model.prompt.minimum,
            "maximum": model.prompt.maximum,
            "required": model.prompt.required,
        },
        "options": {option.name: _option(option) for option in model.options},
        "fixed": dict(model.fixed),
        "exclusions": [_rule(rule) for rule in model.rules],
        "one_of": [list(group) for group in model.one_of],
        "pictures": [
            {"mode": mode.name, "slots": [_slot(slot) for slot in mode.slots]} for mode in model.modes
        ],
        "unit": vendor.unit,
        "prices": _prices(model.prices),
        "rate": {"calls": vendor.rate.calls, "seconds": vendor.rate.seconds} if vendor.rate else None,
        "callback": vendor.callback,
        "idempotent": vendor.idempotent,
        "source": model.source,
    }


def as_lines(vendor: Vendor, model: Model) -> list[str]:
    """Returns the lines that describe one model in a terminal."""
    rows = [(option.name, f"{_legal(option)}{_default(option)}") for option in model.options]
    rows += [(name, f"{_value_text(value)} (always)") for name, value in model.fixed.items()]
    rows += [("but", _rule_sentence(rule)) for rule in model.rules]
    rows += [("one of", " or ".join(group)) for group in model.one_of]
    rows += [("pictures", "; or ".join(_mode_text(mode) for mode in model.modes))]
    rows += [("price", line) for line in _price_lines(vendor, model)]
    title = f"{model.key}  {model.name} ({model.medium})"
    return [title, *(f"  {name:<14}{text}" for name, text in rows)]


def as_page(vendors: Iterable[Vendor]) -> str:
    """Returns docs/vendors.md: every vendor as Markdown."""
    return "\n".join([GENERATED, *(_vendor_page(vendor) for vendor in vendors)])


def _vendor_page(vendor: Vendor) -> str:
    facts = [
        ("Address", f"`{vendor.base_url}`"),
        (
            "Documents",
            f"[{vendor.slug}.txt](vendors/{vendor.slug}.txt), [{vendor.slug}.md](vendors/{vendor.slug}.md)",
        ),
        ("Keys begin with", f"`{vendor.key_hint}`" if vendor.key_hint else "not known"),
        ("Counts in", vendor.unit),
        ("Calls back", _yes_or_no(vendor.callback)),
        ("Idempotency-Key", _yes_or_no(vendor.idempotent)),
        (
            "Calls allowed",
            f"{vendor.rate.calls} in {vendor.rate.seconds} s" if vendor.rate else "not published",
        ),
        ("Remembers a task", f"{vendor.memory_days} days (assumed)"),
    ]
    parts = [f"## {vendor.name}\n", _table(("", "as the studio knows it"), facts)]
    for model in vendor.models:
        parts += [
            f"### `{model.key}`\n",
            f"{model.name}, {model.medium}. {_prompt(model)}\n",
            _model_table(vendor, model),
        ]
    return "\n".join(parts)


def _model_table(vendor: Vendor, model: Model) -> str:
    rows = [(f"`{option.name}`", _legal(option), _value_text(option.default)) for option in model.options]
    rows += [(f"`{name}`", _value_text(value), "always") for name, value in model.fixed.items()]
    lines = [_table(("option", "values", "default"), rows)] if rows else []
    notes = [_rule_sentence(rule) for rule in model.rules]
    notes += [f"{' or '.join(f'`{name}`' for name in group)}: exactly one." for group in model.one_of]
    notes += [f"Pictures: {'; or '.join(_mode_text(mode) for mode in model.modes)}."]
    notes += [f"Read for a mention: {said}." for said in _mention_words(model)]
    notes += [f"Price: {line}" for line in _price_lines(vendor, model)]
    return "\n".join([*lines, *(f"- {note}" for note in notes), ""])


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def _option(option: Option) -> dict[str, object]:
    values: dict[str, object] = {"default": option.default, "advanced": option.advanced}
    if option.legal:
        return {"legal": list(option.legal), **values}
    return {"minimum": option.minimum, "maximum": option.maximum, "step": option.step, **values}


def _rule(rule: Rule) -> dict[str, object]:
    return {"when": dict(rule.when), "option": rule.name, "legal": list(rule.legal)}


def _slot(slot: Slot) -> dict[str, object]:
    return {
        "role": slot.role,
        "minimum": slot.minimum,
        "maximum": slot.maximum,
        "media": list(slot.media),
        "mention": slot.mention,
    }


def _prices(table: PriceTable | None) -> list[dict[str, object]] | None:
    """Returns the price table; None where the vendor publishes no prices."""
    if table is None:
        return None
    return [
        {**dict(zip(table.by, key, strict=True)), "amount": _money(price.amount), "usd": _money(price.usd)}
        for key, price in table.rows.items()
    ]


def _price_lines(vendor: Vendor, model: Model) -> list[str]:
    if model.prices is None:
        return ["not published"]
    lines = []
    for key, price in model.prices.rows.items():
        named = ", ".join(
            f"{name} {_value_text(value)}" for name, value in zip(model.prices.by, key, strict=True)
        )
        usd = f" (about ${_money(price.usd)})" if price.usd is not None else ""
        lines.append(f"{named}{': ' if named else ''}{_money(price.amount)} {vendor.unit}{usd}")
    return lines


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else format(amount.normalize(), "f")


def _value_text(value: Value | None) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "left out" if value is None else str(value)


def _yes_or_no(value: bool) -> str:
    return "yes" if value else "no"


def _legal(option: Option) -> str:
    if option.legal:
        return " ".join(_value_text(value) for value in option.legal)
    step = f" in steps of {option.step}" if option.step != 1 else ""
    return f"{option.minimum} to {option.maximum}{step}"


def _default(option: Option) -> str:
    return "" if option.default is None else f"  (default {_value_text(option.default)})"


def _mode_text(mode: Mode) -> str:
    if not mode.slots:
        return "none"
    doubt = " (the vendor's upstream does not list this)" if mode.doubtful else ""
    return " and ".join(_slot_text(slot) for slot in mode.slots) + doubt


def _slot_text(slot: Slot) -> str:
    count = str(slot.maximum) if slot.minimum == slot.maximum else f"{slot.minimum} to {slot.maximum}"
    media = "" if slot.media == ("image",) else f" ({' or '.join(slot.media)})"
    return f"{slot.role} {count}{media}"


def _mention_words(model: Model) -> list[str]:
    """``start “the first frame”, end …``, in one line; none where there are no pictures."""
    slots = {slot.role: slot for mode in model.modes for slot in mode.slots}
    said = [f"{slot.role} “{slot.mention.format(media='image', n='N')}”" for slot in slots.values()]
    return [", ".join(said)] if said else []


def _rule_sentence(rule: Rule) -> str:
    when = " and ".join(f"{name} {_value_text(value)}" for name, value in rule.when)
    allowed = f"only {' '.join(_value_text(value) for value in rule.legal)}" if rule.legal else "not possible"
    return f"with {when}: {rule.name} {allowed}"


def _prompt(model: Model) -> str:
    rule = model.prompt
    length = f"Prompt of {rule.minimum} to {rule.maximum} characters" if rule.maximum else "Prompt"
    return f"{length}{'' if rule.required else ', or a picture instead'}."


def catalogue(vendors: Mapping[str, Vendor]) -> list[dict[str, object]]:
    """Returns every model of these vendors as plain JSON values."""
    return [model_as_json(vendor, model) for vendor in vendors.values() for model in vendor.models]
