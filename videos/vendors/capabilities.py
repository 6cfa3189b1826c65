"""Defines the types with which every vendor's file describes what its models can do.

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
    """One option that a person may set. A choice has ``legal`` (shown in this
    order); a range has ``minimum``, ``maximum`` and ``step``; a flag is
    ``legal=(False, True)``. ``default`` None means that it is
    not sent unless asked for (a seed); everything that bears on cost has a default and is always
    sent. ``warn_below``: smaller values are legal by the document and not by the vendor's
    upstream, so they bring a warning."""

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
    """One kind of picture that a mode takes. ``media`` lists what may be put in; ``film_seconds``: how long
    the films in it may be together. ``also`` names roles that are taken for this one: a
    vendor with a single picture calls it a reference and uses it as the start, so a form
    shows one slot for both. ``mention``: what the vendor reads for ``@imageN`` in the
    prompt, with ``{n}`` the number and ``{media}`` the kind. Only one document defines such
    a word; the other vendors get plain English ones, and the form shows them."""

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
    """A set of slots that may be used together. The modes of one model exclude each other; a
    request has the first mode whose slots fit its pictures. ``doubtful``:
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
    """How long a prompt may be, in characters (code points). ``required`` False: a picture may
    be sent without a prompt."""

    minimum: int = 1
    maximum: int | None = None
    required: bool = True
    inline: bool = False  # the vendor reads ``--word value`` as settings


@dataclass(frozen=True, slots=True)
class Price:
    """The price of one request in the vendor's unit. ``usd`` is an estimate at the documented rate."""

    amount: Decimal
    usd: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PriceTable:
    """The vendor's published prices. ``rows`` maps the values of ``by`` (option names, in order) to a price.
    ``times`` names an option that multiplies it (a count), if any."""

    by: tuple[str, ...]
    rows: Mapping[tuple[Value, ...], Price]
    times: str = ""


@dataclass(frozen=True, slots=True)
class Model:
    """One model of one vendor. ``id`` is the vendor's own; ``fixed`` holds options that the model's
    name decides (shown, never sent); of each group in ``one_of`` exactly one option is sent, the
    first by default; ``source`` is the path of the document."""

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
    """An account may make ``calls`` requests in ``seconds``, submits and looks together."""

    calls: int
    seconds: int
