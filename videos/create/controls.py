"""Builds everything the composer's templates print: a control for each option that fits its values, the
picture slots, the price, and the reasons why it cannot be sent.

The controls follow from the model's capabilities alone; no model and no vendor is named here.
"""

import secrets
from dataclasses import dataclass, replace

from django.utils.translation import gettext

from videos import access, labels, words
from videos.create import image_roles, image_slots, mentions, prices, seeds
from videos.create.form_state import FormState
from videos.jobs import verbs
from videos.models import Membership, VendorKey
from videos.vendors import options, registry
from videos.vendors.contract import Model, Option, Value

SEGMENTS_MOST = 4  # more choices than this become a list, except shapes, which are drawn
SHAPES_MOST = 8
SELF_EXPLAINING = ("seconds", "aspect_ratio", "resolution", "format")
RANGE_MOST = 60  # a longer range (a seed, a time) is a number to type


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a control. ``shape``: the aspect ratio to draw, as ``16:9``, or empty."""

    value: str
    label: str
    chosen: bool
    shape: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """One option as an input. ``look``: flag, segments, list, range or number. ``named``: its label is
    shown, because its values alone do not say what they are of (16:9 does, Standard does not)."""

    name: str
    label: str
    look: str
    value: str
    choices: tuple[Choice, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    step: int = 1
    unit: str = ""
    errors: tuple[str, ...] = ()
    named: bool = False


@dataclass(frozen=True, slots=True)
class Composer:
    """Everything the composer's templates print."""

    sheet: FormState
    token: str
    vendor: str
    models: list[tuple[str, list[dict]]]
    keys: list[dict]
    key: VendorKey | None
    rehearsal: bool
    plain: list[Control]
    advanced: list[Control]
    fixed: list[tuple[str, str]]
    shots: list[Choice]
    places: list[image_slots.PictureSlot]
    strip: mentions.MentionStrip | None
    swappable: bool
    takes: int
    takes_offered: range
    price: str
    amount: str
    notes: list[str]
    reasons: list[str]
    errors: dict[str, list[str]]
    warnings: list[str]
    projects: list
    maximum: int | None
    confirm: words.Confirmation | None
    last_differs: bool


def compose(
    member: Membership,
    sheet: FormState,
    *,
    pressed: bool = False,
    notes: tuple[str, ...] = (),
    asked: verbs.Unconfirmed | None = None,
) -> Composer:
    """Checks the form and builds what its templates print. ``pressed``: the button was pressed, so that
    what is wrong with the words is shown too; before that, somebody is still typing. ``asked``: the sums
    that need a confirmation first."""
    usable = list(access.usable_keys(member))
    key = sheet.key or next((one for one in usable if one.vendor == sheet.model.vendor), None)
    checked = verbs.review_all(member, replace(sheet, key=key).orders())
    problems = [*sheet.problems, *(problem for _row, problem in checked.reasons)]
    if not pressed:
        problems = [problem for problem in problems if problem.field != "prompt"]
    errors: dict[str, list[str]] = {}
    for problem in problems:
        sentences = errors.setdefault(problem.field, [])
        if (sentence := words.describe_problem(problem)) not in sentences:
            sentences.append(sentence)
    model, vendor = sheet.model, registry.vendor(sheet.model.vendor)
    controls = [(option, control(option, sheet, errors)) for option in model.options]
    shot = image_roles.shot_of(model, sheet.shot, sheet.pictures)
    own_slots = [image_slots.picture_slot(member, slot, sheet) for slot in (shot.slots if shot else ())]
    token = secrets.token_urlsafe(24)
    return Composer(
        sheet=sheet,
        token=token,
        vendor=vendor.name,
        models=models_by_vendor(model, usable),
        keys=[
            {"key": one, "chosen": key is not None and one.pk == key.pk}
            for one in usable
            if one.vendor == vendor.slug
        ],
        key=key,
        rehearsal=bool(key and key.rehearsal),
        plain=[made for option, made in controls if not option.advanced],
        advanced=[made for option, made in controls if option.advanced],
        fixed=labels.described(model.fixed),
        shots=shots(model, shot),
        places=own_slots,
        strip=mentions.mention_strip(sheet.prompt, shot, own_slots),
        swappable={"start", "end"} == {one.role for one in own_slots} and bool(sheet.pictures),
        takes=sheet.takes,
        takes_offered=range(1, verbs.TAKES_MOST + 1),
        price=labels.price(prices.total(checked), vendor.unit)
        or prices.own_estimate(member, model, vendor.unit, sheet.takes),
        amount=prices.shown_amount(checked),
        notes=[
            *notes,
            *describe_changes(sheet),
            *seeds.describe_seeds(sheet.model, sheet.options, sheet.takes),
        ],
        reasons=[reason for reasons in errors.values() for reason in reasons],
        errors=errors,
        warnings=[words.describe_warning(found) for found in checked.warnings],
        projects=list(access.projects_for(member)),
        maximum=model.prompt.maximum,
        confirm=asked
        and words.Confirmation.of(
            asked.problems, asked.button, verbs.confirmation(member, asked.sums, token)
        ),
        last_differs=differs_from_last_press(member, sheet),
    )


def differs_from_last_press(member: Membership, sheet: FormState) -> bool:
    """Whether the button "as last time" would change anything."""
    last, now = member.remembered, sheet.content()
    return any(last.get(name, now[name]) != now[name] for name in ("model", "options", "key", "project"))


def control(option: Option, sheet: FormState, errors: dict[str, list[str]]) -> Control:
    """Builds the input for one option, with its value and its errors."""
    value = sheet.options.get(option.name)
    replaced = any(
        option.name == group[0] and any(name in sheet.options for name in group[1:])
        for group in sheet.model.one_of
    )
    if value is None and not replaced:
        value = option.default
    shown = sheet.typed.get(option.name, "" if value is None else str(value))
    look = look_of(option)
    return Control(
        name=option.name,
        label=labels.option_name(option.name),
        look=look,
        value=str(value is True) if look == "flag" else shown,
        choices=choices(option, value),
        minimum=option.minimum,
        maximum=option.maximum,
        step=option.step,
        unit=gettext("s") if option.name == "seconds" else "",
        errors=tuple(errors.get(option.name, ())),
        named=option.name not in SELF_EXPLAINING,
    )


def look_of(option: Option) -> str:
    """Which kind of input fits the values of ``option``: see ``Control.look``."""
    if options.is_flag(option):
        return "flag"
    if option.legal:
        most = SHAPES_MOST if option.name == "aspect_ratio" else SEGMENTS_MOST
        return "segments" if len(option.legal) <= most else "list"
    if option.minimum is None or option.maximum is None or option.default is None:
        return "number"
    span = (option.maximum - option.minimum) // option.step
    if span < SEGMENTS_MOST:
        return "segments"
    return "range" if span <= RANGE_MOST else "number"


def choices(option: Option, value: Value | None) -> tuple[Choice, ...]:
    """The legal values of ``option`` as choices; empty where it is a number to type."""
    legal = option.legal
    if not legal and look_of(option) == "segments":
        legal = tuple(range(option.minimum, option.maximum + 1, option.step))
    shaped = option.name == "aspect_ratio"
    return tuple(
        Choice(
            value=str(one),
            label=labels.option_value(option.name, one),
            chosen=type(one) is type(value) and one == value,
            shape=str(one) if shaped and ":" in str(one) else "",
        )
        for one in legal
        if not isinstance(one, bool)
    )


def models_by_vendor(chosen: Model, usable: list[VendorKey]) -> list[tuple[str, list[dict]]]:
    """Lists the models under their vendors, vendors with a key first. The chosen model is listed even where
    the team has no key for it."""
    kinds: dict[str, set[bool]] = {}
    for key in usable:
        kinds.setdefault(key.vendor, set()).add(key.rehearsal)
    groups = []
    for vendor in sorted(registry.VENDORS.values(), key=lambda vendor: vendor.slug not in kinds):
        mark = "" if False in kinds.get(vendor.slug, {False}) else gettext("rehearsal")
        mark = mark if vendor.slug in kinds else gettext("no key yet")
        models = [
            {"key": one.key, "name": one.name, "chosen": one.key == chosen.key} for one in vendor.models
        ]
        groups.append((f"{vendor.name} · {mark}" if mark else vendor.name, models))
    return groups


def shots(model: Model, chosen: image_roles.Shot | None) -> list[Choice]:
    """The sets of picture slots to choose from (start and end, or references); empty where there is only
    one."""
    found = image_roles.shots_of(model)
    if len(found) < 2:
        return []
    return [
        Choice(shot.name, " + ".join(labels.role_name(slot.role) for slot in shot.slots), shot == chosen)
        for shot in found
    ]


def describe_changes(sheet: FormState) -> list[str]:
    """Names every value and picture that could not be taken along to another model. An option that was off
    and does not exist on the new model is still off, so nothing is said about it."""
    sentences = []
    for change in sheet.changes:
        if change.before is False and change.after is None:
            continue
        values = {
            "name": labels.option_name(change.name),
            "before": labels.option_value(change.name, change.before),
            "after": "" if change.after is None else labels.option_value(change.name, change.after),
            "model": sheet.model.name,
        }
        if change.after is None:
            sentences.append(gettext("%(model)s has no setting for %(name)s (it was %(before)s).") % values)
        elif change.name in sheet.model.fixed:
            sentences.append(
                gettext("%(name)s: %(before)s became %(after)s, which %(model)s decides.") % values
            )
        else:
            sentences.append(gettext("%(name)s: %(before)s became %(after)s.") % values)
    return [*sentences, *image_slots.describe_moved_pictures(sheet)]
