"""Lists which models can do a wish: what each would cost, how it did for this team, whose key would pay,
and why the others cannot."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from django.utils.translation import gettext, ngettext

from videos import access, labels, words
from videos.create import image_roles
from videos.create.finder.forms import FinderForm
from videos.create.form_state import FormState, normalized
from videos.create.track_record import TrackRecord, track_records
from videos.jobs import verbs
from videos.models import Membership, VendorKey
from videos.vendors import offers, options, registry
from videos.vendors.contract import Model, Problem, Value
from videos.vendors.offers import Offer
from videos.vendors.options import Change

GROUPS = ("can", "unpriced", "cannot", "no_key")  # in the order in which they are shown
SHOWN = ("seconds", "aspect_ratio", "resolution", "audio", "count")
USABLE = "active"


@dataclass(frozen=True, slots=True)
class Row:
    """One model. ``values``: what would be sent of what can be wished for; ``price`` is in the vendor's
    unit and empty where it is not known, ``cost`` in the wish's currency."""

    model: Model
    group: str
    vendor: str
    key: VendorKey | None
    values: str
    price: str
    cost: str
    wait: str
    made: str
    reasons: list[str]
    doubts: list[str]


def groups(member: Membership, finder: FinderForm, sheet: FormState) -> list[tuple[str, list[Row]]]:
    """(group, rows), the best first: models that can do it, by price, then by how long people waited for
    them."""
    keys = list(access.keys_in_order(member))
    estimates = dict(access.own_estimates_for(member).values_list("model", "amount"))
    answers = [
        (offer, paying_key(keys, offer.model.vendor, sheet))
        for offer in offers.offers(finder.want, finder.payment(estimates), sheet.options)
    ]
    stopped = _payment_problems(member, answers, sheet)
    went = track_records(member, {(offer.model.key, _rehearses(key)) for offer, key in answers})
    found = []
    for offer, key in answers:
        problems = [
            *offer.problems,
            *_key_problems(member, offer, key, finder),
            *stopped.get(offer.model.key, ()),
        ]
        group = _group(key, problems, dear=finder.want.highest is not None and offer.cost is None)
        track = went.get((offer.model.key, _rehearses(key)), TrackRecord())
        order = GROUPS.index(group), offer.cost is None, offer.cost, track.middle is None, track.middle
        found.append((order, row(offer, group, key, track, problems, finder.paid_in)))
    found.sort(key=lambda pair: [part or 0 for part in pair[0]])
    ordered = (one for _order, one in found)
    return [(group, list(members)) for group, members in groupby(ordered, key=lambda one: one.group)]


def row(
    offer: Offer,
    group: str,
    key: VendorKey | None,
    track: TrackRecord,
    problems: list[Problem],
    currency: str,
) -> Row:
    """Builds the row of one model."""
    vendor = registry.vendor(offer.model.vendor)
    price = labels.price(offer.price, vendor.unit)
    if offer.guess is not None:
        price = gettext("%(amount)s (your estimate)") % {"amount": labels.amount(offer.guess, vendor.unit)}
    price_is_cost = offer.price is not None and (currency, offer.cost) == (offers.DOLLARS, offer.price.usd)
    return Row(
        model=offer.model,
        group=group,
        vendor=vendor.name,
        key=key,
        values=describe_values(offer),
        price=price,
        cost="" if offer.cost is None or price_is_cost else labels.money(offer.cost, currency),
        wait=_wait(track),
        made=_made(track, rehearsal=_rehearses(key)),
        reasons=list(dict.fromkeys(words.describe_problem(problem) for problem in problems)),
        doubts=[words.describe_warning(doubt) for doubt in offer.doubts],
    )


def paying_key(keys: list[VendorKey], vendor: str, sheet: FormState) -> VendorKey | None:
    """The key that would pay: the one in the form, else one of the same kind, real or rehearsal (choosing a
    model must not lead from a rehearsal to real money), else the first that is usable."""
    usable = [key for key in keys if key.state == USABLE]
    standing = sheet.key or next((key for key in usable if key.vendor == sheet.model.vendor), None)
    own = [key for key in usable if key.vendor == vendor]
    alike = [key for key in own if standing is not None and key.rehearsal == standing.rehearsal]
    unusable = [key for key in keys if key.vendor == vendor]
    return standing if standing in own else next(iter([*alike, *own, *unusable]), None)


def with_found_model(member: Membership, sheet: FormState, model: Model, finder: FinderForm) -> FormState:
    """The form with this model and these wishes. Words and pictures stay; every value that is different now
    is named."""
    offer = offers.offer(model, finder.want, finder.payment(), sheet.options)
    before = {**sheet.model.fixed, **options.complete(sheet.model, sheet.options)}
    after = {**model.fixed, **offer.options}
    wished = [(picture.role, picture) for picture in finder.want.pictures]
    shot = image_roles.shot_of(model, "", wished or sheet.pictures)
    return normalized(
        replace(
            sheet,
            model=model,
            options=offer.options,
            typed={},
            problems=(),
            changes=_changes(before, after),
            shot=shot.name if shot else "",
            key=paying_key(list(access.usable_keys(member)), model.vendor, sheet),
        )
    )


def describe_values(offer: Offer) -> str:
    """``12 s · 16:9 · 720p · Sound on``; empty where the model cannot do it."""
    values = {**offer.model.fixed, **offer.options}
    parts = []
    for name in SHOWN:
        if name in values and not offer.problems:
            text = labels.option_value(name, values[name])
            parts.append(text if name in SHOWN[:3] else f"{labels.option_name(name)}: {text}")
    return " · ".join(parts)


# --- inside -----------------------------------------------------------------


def _changes(before: Mapping[str, Value], after: Mapping[str, Value]) -> tuple[Change, ...]:
    return tuple(
        Change(name, value, after.get(name))
        for name, value in before.items()
        if type(after.get(name)) is not type(value) or after[name] != value
    )


def _rehearses(key: VendorKey | None) -> bool:
    return key is not None and key.rehearsal


def _key_problems(
    member: Membership, offer: Offer, key: VendorKey | None, finder: FinderForm
) -> list[Problem]:
    if key is None:
        return []  # the group "no_key" says it
    problems = verbs.key_problems(member, offer.model.vendor, key)
    return [*problems, *(verbs.picture_reach_problems(offer.model, key) if finder.want.pictures else [])]


def _payment_problems(
    member: Membership, answers: list[tuple[Offer, VendorKey | None]], sheet: FormState
) -> dict[str, list[Problem]]:
    """Model -> what stops one press of it: a budget, or the team's storage."""
    able = [
        (offer.model, key, offer.price) for offer, key in answers if not offer.problems and key is not None
    ]
    found = verbs.payment_problems(member, able, sheet.project)
    return {model.key: problems for (model, _key, _price), problems in zip(able, found, strict=True)}


def _group(key: VendorKey | None, problems: list[Problem], *, dear: bool) -> str:
    if key is None:
        return "no_key"
    return "cannot" if problems else "unpriced" if dear else "can"


def _wait(track: TrackRecord) -> str:
    if track.usual:
        return words.usual(*track.usual)
    return gettext("too few for a range") if track.made else ""


def _made(track: TrackRecord, *, rehearsal: bool) -> str:
    values = {"made": track.made, "n": track.finished}
    if not track.finished:
        return gettext("no rehearsals yet") if rehearsal else gettext("no jobs yet")
    if rehearsal:
        text = ngettext("%(made)s of %(n)s rehearsal", "%(made)s of %(n)s rehearsals", track.finished)
    else:
        text = ngettext("%(made)s of %(n)s job", "%(made)s of %(n)s jobs", track.finished)
    return f"{text % values} ({gettext('%(n)s %%') % {'n': track.made * 100 // track.finished}})"
