"""Defines what a vendor is: data plus pure functions, standard library only.

Request values go in, outcome values come out; videos/network does the HTTP and
videos/jobs the storing. Kinds and numbers only: every sentence a person reads is
in videos/words/.

Money is the reason for the shape of the outcomes:

* From ``read_submit``: ``Refused`` means the vendor's own documented refusal,
  so surely nothing was started and nothing charged. ``Unreadable`` means that it is
  not known whether something was started: a paid request is never repeated after it.
* From ``read_check``: ``Refused`` is the vendor's verdict on the task.
  ``Unreadable`` says nothing about the task (a 404 right after the submit, a
  revoked key, a 429, a broken page); the job goes on.
"""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from .capabilities import (
    OPTION_NAMES,
    SOFT_PROMPT_LIMIT,
    Mode,
    Model,
    Option,
    Price,
    PriceTable,
    PromptRule,
    RateLimit,
    Rule,
    Slot,
    Value,
)

__all__ = [
    "OPTION_NAMES", "SOFT_PROMPT_LIMIT", "Accepted", "Call", "Charge", "CheckOutcome", "Finished", "Found", "Hint",
    "Kind", "Mode", "Model", "Option", "Picture", "Price", "PriceTable", "Problem", "PromptRule", "RateLimit",
    "Refused", "Reply", "Rule", "Slot", "SubmitOutcome", "Unreadable", "Value", "Vendor", "Wish", "Working",
]  # fmt: skip


class Kind(StrEnum):
    """Why a call was refused or a task failed. videos/words/refusals.py has a sentence for each."""

    AUTH = "auth"
    INVALID_REQUEST = "invalid_request"
    INSUFFICIENT_CREDITS = "insufficient_credits"
    MODERATION = "moderation"
    MODERATION_PROMPT = "moderation_prompt"
    MODERATION_IMAGE = "moderation_image"
    MODERATION_AUDIO = "moderation_audio"
    MODERATION_OUTPUT = "moderation_output"
    REAL_PERSON = "real_person"
    BAD_PROMPT = "bad_prompt"
    BAD_IMAGE = "bad_image"
    BAD_OPTION = "bad_option"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    RATE_LIMITED = "rate_limited"
    TRANSIENT = "transient"
    SERVER = "server"
    PROTOCOL = "protocol"
    FAILED = "failed"
    VENDOR_EXPIRED = "vendor_expired"
    VENDOR_CANCELED = "vendor_canceled"
    NO_OUTPUT = "no_output"


# --- what goes over the wire ------------------------------------------------


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request. ``path`` starts with ``/`` and is relative to the
    vendor's base address; the key is added by videos/network/exchange.py, never here."""

    method: str
    path: str
    body: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP response. ``headers`` has lower-case names."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


# --- outcomes: a closed set -------------------------------------------------


@dataclass(frozen=True, slots=True)
class Charge:
    """Money as the vendor reports it, in its own unit; ``refunded`` only where
    the vendor itself says so. An amount that cannot be right is None, and ``odd`` keeps it
    as the vendor wrote it."""

    amount: Decimal | None
    refunded: Decimal | None = None
    odd: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One file that the vendor made. ``kind`` is ``video``, ``still`` or
    ``last_frame``; ``url`` is http(s) and expires within hours."""

    kind: str
    url: str


@dataclass(frozen=True, slots=True)
class Working:
    """The task is not finished yet. ``percent`` only when the vendor sent one (0 to 100).
    ``word`` is the vendor's own status word; ``known`` is false for a word no
    table has, which keeps the job running and is shown; ``checked`` where that
    word sounds like a content check."""

    percent: int | None = None
    word: str = ""
    known: bool = True
    checked: bool = False


@dataclass(frozen=True, slots=True)
class Finished:
    """The task succeeded: a success word and at least one http(s) address came. ``trace_id``, here
    and below, is the id by which the vendor's support finds this answer, where one was sent."""

    outputs: tuple[Found, ...]
    charge: Charge | None = None
    upstream_id: str = ""
    trace_id: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """The vendor refused the request (submit) or the task failed (check); see the module's text.
    ``said`` is the vendor's own text, untrusted, at most 2,000 characters.
    ``retry_after`` is the header as sent; reading it needs a clock."""

    kind: Kind
    said: str = ""
    code: str = ""
    retry_after: str = ""
    charge: Charge | None = None
    trace_id: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The answer allows no conclusion. Same fields as Refused. ``task_id`` is an id that a broken
    answer to a submit carried nevertheless: a status call may confirm it."""

    kind: Kind
    said: str = ""
    code: str = ""
    retry_after: str = ""
    task_id: str = ""
    trace_id: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The vendor accepted the request. ``ticket`` is JSON that only this vendor's file reads, and all
    that ``check`` needs; ``task_id`` is what a person may paste. ``now`` holds an outcome that the
    same answer already carried; ``beside`` the empty error that it carried, as text."""

    task_id: str
    ticket: Mapping[str, str]
    charge: Charge | None = None
    now: "Working | Finished | Refused | None" = None
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Hint:
    """What a callback claims. It is not believed where the vendor can be asked."""

    task_id: str
    ticket: Mapping[str, str]
    outcome: "Working | Finished | Refused | Unreadable"


SubmitOutcome = Accepted | Refused | Unreadable
CheckOutcome = Working | Finished | Refused | Unreadable


# --- what a person asks for -------------------------------------------------


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture or film of a request. ``role`` is ``start``, ``end`` or ``reference``; ``media`` is ``image``
    or ``video``, which lasts ``seconds``. ``url`` may be empty while a form is
    only being checked."""

    role: str
    url: str = ""
    media: str = "image"
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Wish:
    """A request under our own option names. ``options`` holds only what was asked for: an
    absent name is "not asked", while 0, False and '' are values."""

    prompt: str
    options: Mapping[str, Value] = field(default_factory=dict)
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a request cannot be sent. ``field`` is ``prompt``,
    ``pictures`` or an option's name; ``code`` keys a sentence in videos/words/problems.py and
    ``values`` are its numbers, among them ``legal`` where there is a set."""

    field: str
    code: str
    # Named in full: ``field`` above is this class's own.
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)


# --- a vendor ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Vendor:
    """Everything the studio knows about one vendor. ``unit`` names its money
    (never added to another's). ``callback`` / ``idempotent`` / ``status`` say
    which ways of observing and repeating exist. ``memory_days``: how long it
    remembers a task. ``running``: how many jobs one account may have going."""

    slug: str
    name: str
    base_url: str
    models: tuple[Model, ...]
    unit: str
    submit: Callable[..., Call]  # (model, wish, *, callback_url="", idem_key="") -> Call
    read_submit: Callable[[Reply], SubmitOutcome]
    check: Callable[[Mapping[str, str]], Call]
    read_check: Callable[[Reply], CheckOutcome]
    adopt: Callable[[str], Mapping[str, str]]  # a task id a person pasted -> ticket; ValueError
    read_callback: Callable[[bytes], "Hint | None"] | None = None
    key_hint: str = ""  # how its keys begin, to catch a paste into the wrong field
    keys_url: str = ""  # where a person gets one
    idempotent: bool = False
    tells: bool = (
        False  # its document delivers results by callback: believed where status calls bring nothing
    )
    refunds_failures: bool = False
    rate: RateLimit | None = None
    running: int = 4
    memory_days: int = 7
    source: str = ""

    @property
    def callback(self) -> bool:
        return self.read_callback is not None
