"""Describes why a form cannot be sent: one sentence for each problem, with the legal values."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from videos import labels
from videos.vendors.contract import Problem

# code -> sentence. %(name)s is the field, %(legal)s the legal values.
SENTENCES: dict[str, Promise] = {
    "unknown_model": _("This model is not known here. Pick one from the list."),
    "makes_stills": _("It makes stills, no films."),
    "makes_films": _("It makes films, no stills."),
    "too_dear": _("It would cost %(cost)s, more than %(highest)s."),
    "prompt_needed": _("Write what should happen."),
    "prompt_too_short": _("The prompt has %(length)s characters; this model needs at least %(minimum)s."),
    "prompt_too_long": _("The prompt has %(length)s characters; this model takes at most %(maximum)s."),
    "prompt_unreadable": _("The prompt contains characters that cannot be sent. Type that part again."),
    "not_offered": _("%(name)s cannot be chosen with this model. It offers: %(legal)s."),
    "nothing_offered": _("%(name)s cannot be chosen with this model."),
    "fixed_by_model": _("%(name)s is fixed by this model: %(legal)s."),
    "not_legal": _("%(name)s cannot be %(value)s with this model. Possible: %(legal)s."),
    "not_a_number": _("%(name)s must be a number. Possible: %(legal)s."),
    "not_yes_or_no": _("%(name)s must be on or off."),
    "not_with": _("%(name)s does not go with %(with)s. Possible: %(legal)s."),
    "one_of": _("%(name)s and %(asked)s exclude each other: choose one."),
    "flag_not_known": _(
        "“%(flag)s” is not a setting this model knows; the vendor would ignore it. Take it out."
    ),
    "flag_without_option": _("“%(flag)s” is a setting this model does not have. Take it out of the prompt."),
    "flag_without_value": _("“%(flag)s” in the prompt has no value."),
    "flag_not_legal": _(
        "“%(flag)s” in the prompt has a value that this model does not take. Possible: %(legal)s."
    ),
    "mention_without_picture": _("%(mention)s names a picture that is not attached."),
    "mention_of_removed": _(
        "%(mention)s stands for a picture that was taken out. Take it out of the words, or name another picture."
    ),
    "mention_waits": _(
        "%(mention)s names a picture that waits for a model with a place for it. Take it out of the words, or choose such a model."
    ),
    "roles_not_together": _("A picture as %(role)s does not go together with the others here."),
    "role_not_offered": _("This model takes no picture as %(role)s. It takes: %(legal)s."),
    "too_many_pictures": _("This model takes at most %(maximum)s here; there are %(count)s."),
    "picture_needed": _("This model needs a picture as %(role)s."),
    "media_not_allowed": _("This model takes no video as %(role)s, only pictures."),
    "films_too_long": _("The videos run %(seconds)s seconds together; %(maximum)s is the most."),
    "film_inside": _(
        "A video cannot travel inside the request, and this vendor cannot reach this studio. Whoever runs it must set "
        "%(setting)s to its public https address."
    ),
    "needs_public_address": _("This vendor fetches pictures itself: they cannot travel inside the request."),
    "not_an_address": _("A picture has no usable address."),
    "no_address": _("A picture has no usable address."),
    "no_public_url": _(
        "This vendor fetches pictures itself and cannot reach this studio. Whoever runs it must set %(setting)s to "
        "its public https address; until then, use a model that takes pictures inside the request."
    ),
    "too_big_inside": _(
        "Together the pictures are larger than the %(limit)s MB that may travel inside the request."
    ),
    "too_many_presses": _(
        "You asked for %(maximum)s generations within a minute, which is as many as one person may. "
        "Nothing was sent; wait a moment and press again."
    ),
    "too_many_at_once": _(
        "These are %(count)s generations at once, and one person may ask for %(maximum)s. Nothing was sent; take fewer."
    ),
    "not_so_many": _("%(typed)s takes are not possible; choose 1 to %(maximum)s."),
    "team_full": _(
        "The team's storage is full: %(used_bytes)s of %(limit_bytes)s. Nothing new is made that could not be kept. Ask whoever "
        "runs this studio for more room; what is in the trash makes room when it is deleted."
    ),
    "budget_full": _(
        "This month's budget does not allow it. %(scope)s: %(used)s of %(limit)s used, and this would be %(cost)s more. "
        "%(whom)s can raise it."
    ),
    "budget_needs_rate": _(
        "There is a budget in %(currency)s (%(scope)s), and nobody entered what a credit of %(vendor)s costs. "
        "%(whom)s can enter it on the Budgets page."
    ),
    "budget_needs_estimate": _(
        "There is a budget (%(scope)s, %(limit)s), and the vendor publishes no price for %(model)s. "
        "%(whom)s can enter an estimate for it on the Budgets page."
    ),
    "imported": _(
        "This was made elsewhere, and what was asked for there is not known here. Reuse it, and fill in the form."
    ),
    "confirm_sum": _(
        "This costs %(sum)s. From %(limit)s on, your team asks once more before anything is sent."
    ),
    "confirm_no_price": _(
        "Nobody can say what this costs: no price is published for %(model)s, and your team entered no estimate. "
        "It asks once more from %(limit)s on, and so it asks here."
    ),
    "confirm_no_rate": _(
        "Nobody can say what this costs in %(currency)s: no rate was entered for the credits of %(vendor)s. "
        "Your team asks once more from %(limit)s on, and so it asks here."
    ),
    "no_rows": _("There is no prompt yet: write one a line, or paste a table."),
    "too_many_rows": _(
        "There are %(count)s rows; %(maximum)s at a time can be asked for. Take some out and send them afterwards."
    ),
    "column_unknown": _("There is no column “%(column)s” here. Known are: %(columns)s."),
    "row_unreadable": _(
        "Row %(row)s cannot be read: a quotation mark in it is never closed, or stands in the middle of a cell. "
        "Put the whole cell in quotation marks and write each one inside it twice."
    ),
    "no_prompt_column": _(
        "The first row names columns (%(columns)s), and none of them is the prompt. Call that column “prompt”."
    ),
    "lines_above_header": _("Row %(row)s names the columns. Take out what stands above it."),
    "table_without_header": _(
        "These are rows of %(columns)s cells, and the first row does not say what they are. Write the names of the "
        "columns above them, such as: prompt, seconds. If each line is one prompt, write “prompt” above them."
    ),
    "column_twice": _("The columns “%(column)s” and “%(other)s” mean the same. Take one of them out."),
    "cells_beyond": _(
        "This row has filled cells that no column is for (%(count)s), so it cannot be sent as it stands. A prompt with "
        "commas in it needs quotation marks around it."
    ),
    "pictures_unused": _(
        "Pictures came along and no row names them: name them in the columns start, end or reference, or write one "
        "prompt for all of them."
    ),
    "picture_unknown": _(
        "There is no picture called %(picture)s: bring it along, or look for a slip in its name."
    ),
    "picture_missing": _(
        "The file of %(picture)s is missing from this studio. Bring the picture in again, or take it out."
    ),
    "picture_ambiguous": _("%(count)s pictures are called %(picture)s: bring the one you mean along."),
    "project_archived": _(
        "The project %(project)s is archived. Choose another one, or bring it back on the Team page."
    ),
    "no_key": _("There is no key for %(vendor)s that you may use. Add one on the Keys page."),
    "choose_key": _("There are real keys and rehearsal keys for %(vendor)s. Choose one."),
    "other_vendor": _("This key belongs to another vendor than the model. Choose a key of %(vendor)s."),
    "key_gone": _("The key %(key)s was deleted. Choose another one."),
    "key_paused": _("The key %(key)s is paused. Choose another one, or resume it on the Keys page."),
    "key_broken": _(
        "The vendor refuses the key %(key)s. Choose another one, or replace it on the Keys page."
    ),
}
WARNINGS: dict[str, Promise] = {
    "budget_scarce": _(
        "This month's budget runs low. %(scope)s: %(used)s of %(limit)s used (%(percent)s %%)."
    ),
    "below_upstream": _("%(name)s below %(minimum)s may be refused by the vendor."),
    "mode_doubtful": _("The vendor may not support this combination of pictures for this model."),
}


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The question before a start that has to be confirmed. ``seal``: what its button sends to confirm."""

    reasons: tuple[str, ...]
    button: str
    seal: str

    @classmethod
    def of(cls, problems: Iterable[Problem], button: str, seal: str) -> "Confirmation":
        return cls(tuple(describe_problem(one) for one in problems), button, seal)


def describe_problem(found: Problem) -> str:
    code = "nothing_offered" if found.code == "not_offered" and not found.values.get("legal") else found.code
    return _fill(SENTENCES[code], found)


def describe_warning(found: Problem) -> str:
    return _fill(WARNINGS[found.code], found)


def _fill(sentence: Promise, found: Problem) -> str:
    values = dict(found.values)
    values["name"] = labels.option_name(found.field)
    values["legal"] = _legal(found)
    for name in ("value", "asked"):
        if name in values:
            values[name] = labels.option_value(found.field, values[name])
    for name in [name for name in values if name.endswith("_bytes")]:
        values[name] = filesizeformat(values[name])
    for name in [name for name, value in values.items() if isinstance(value, Decimal)]:
        values[name] = labels.money(values[name], str(values["currency"]))
    if "role" in values:
        values["role"] = labels.role_name(str(values["role"]))
    when = values.get("when") or {}
    values["with"] = ", ".join(
        f"{labels.option_name(n)} {labels.option_value(n, v)}" for n, v in when.items()
    )
    return str(sentence) % values


def _legal(found: Problem) -> str:
    """Returns the legal values as text: a list, or "4 to 15"."""
    values = found.values
    if values.get("legal"):
        legal = values["legal"]
        legal = legal if isinstance(legal, Iterable) and not isinstance(legal, str) else (legal,)
        if span := _run(list(legal)):
            return gettext("%(low)s to %(high)s") % {
                "low": _word(found, span[0]),
                "high": _word(found, span[1]),
            }
        return ", ".join(_word(found, value) for value in legal)
    if values.get("minimum") is not None and values.get("maximum") is not None:
        span = {"low": values["minimum"], "high": values["maximum"]}
        if values.get("step", 1) not in (None, 1):
            return gettext("%(low)s to %(high)s in steps of %(step)s") % {**span, "step": values["step"]}
        return gettext("%(low)s to %(high)s") % span
    return gettext("nothing")


def _run(legal: list[object]) -> tuple[int, int] | None:
    """Returns first and last of whole numbers without a gap, for "2 to 12" instead of eleven values;
    else None."""
    whole = all(type(value) is int for value in legal)
    if len(legal) > 4 and whole and legal == list(range(legal[0], legal[0] + len(legal))):
        return legal[0], legal[-1]
    return None


def _word(found: Problem, value: object) -> str:
    if found.code == "not_offered":
        return labels.option_name(str(value))
    if found.field == "pictures":
        return labels.role_name(str(value))
    return labels.option_value(found.field, value)
