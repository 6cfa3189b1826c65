"""What a model can do, as data: the shapes of the tables in every vendor's file.

Values are legal by type and value; whatever bears on cost has a default here
and is always sent. Read through videos/vendors/contract.py, which passes these
names on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

Value = int | str | bool

OPTION_NAMES = (
    "seconds", "frames", "aspect_ratio", "resolution", "audio", "camera_fixed", "seed",
    "watermark", "last_frame", "tier", "service", "expires_after", "channel", "count", "format",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Option:
    """One thing a person may choose. A choice has ``legal`` (shown in this
    order); a range has ``minimum``, ``maximum`` and ``step``; a flag is
    ``legal=(False, True)``. ``default`` None means "leave it to chance" (a
    seed): everything that bears on cost has a default and is always sent.
    ``warn_below``: legal, but the vendor's upstream says otherwise."""

    name: str
    legal: tuple[Value, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    step: int = 1
    default: Value | None = None
    advanced: bool = False
    warn_below: int | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """Where pictures go. ``media`` lists what may stand in it; ``film_seconds``: how long
    the films in it may be together. ``also`` names roles that are taken for this one: a
    vendor with a single picture calls it a reference and uses it as the start, so a form
    shows one place for both. ``mention``: what the vendor reads for ``@imageN`` in the
    words, with ``{n}`` the number and ``{media}`` what it is. No document but one has such
    a word: the others get plain ones, and the form shows them."""

    role: str
    minimum: int = 0
    maximum: int = 1
    media: tuple[str, ...] = ("image",)
    also: tuple[str, ...] = ()
    film_seconds: int = 15  # of the model behind every vendor (Seedance at Volcengine Ark)
    mention: str = "{media} {n}"

    def takes(self, role: str) -> bool:
        return role == self.role or role in self.also


@dataclass(frozen=True, slots=True)
class Mode:
    """Slots that may be used together. Modes of one model exclude each other;
    the mode of a wish is the first whose slots fit its pictures. ``doubtful``:
    the document allows it, the vendor's upstream does not list it (a warning)."""

    name: str
    slots: tuple[Slot, ...] = ()
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """An exclusion between options: when every pair of ``when`` holds, option
    ``name`` must be one of ``legal`` (empty: must not be asked for)."""

    when: tuple[tuple[str, Value], ...]
    name: str
    legal: tuple[Value, ...] = ()
    code: str = "not_with"


SOFT_PROMPT_LIMIT = 10_000  # ours, for vendors whose document names none


@dataclass(frozen=True, slots=True)
class PromptRule:
    """Lengths in characters (code points). ``required`` False: a picture may
    stand instead of words."""

    minimum: int = 1
    maximum: int | None = None
    required: bool = True
    inline: bool = False  # the vendor reads ``--word value`` as settings


@dataclass(frozen=True, slots=True)
class Price:
    """What one press costs. ``usd`` is an estimate at the documented rate."""

    amount: Decimal
    usd: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PriceTable:
    """``rows`` maps the values of ``by`` (option names, in order) to a price.
    ``times`` names an option that multiplies it (a count), if any."""

    by: tuple[str, ...]
    rows: Mapping[tuple[Value, ...], Price]
    times: str = ""


@dataclass(frozen=True, slots=True)
class Model:
    """``id`` is the vendor's own; ``fixed`` is what its name decides (shown,
    never sent); of each group in ``one_of`` exactly one is sent, the first by
    default; ``source`` cites the document."""

    vendor: str
    id: str
    name: str
    medium: str  # "video" or "still"
    endpoint: str
    options: tuple[Option, ...] = ()
    modes: tuple[Mode, ...] = (Mode("text"),)
    rules: tuple[Rule, ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()
    prompt: PromptRule = PromptRule()
    fixed: Mapping[str, Value] = field(default_factory=dict)
    prices: PriceTable | None = None
    data_pictures: int = 0  # bytes of pictures that may travel inside the body
    source: str = ""

    @property
    def key(self) -> str:
        """``vendor/model``, as the command line and the rows spell it."""
        return f"{self.vendor}/{self.id}"

    def option(self, name: str) -> Option | None:
        return next((option for option in self.options if option.name == name), None)


@dataclass(frozen=True, slots=True)
class RateLimit:
    """``calls`` in ``seconds`` per account, submits and looks together."""

    calls: int
    seconds: int
