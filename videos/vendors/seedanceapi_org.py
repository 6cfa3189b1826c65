"""Describes seedanceapi.org: one model, one picture, and a price for every combination of options.

Source: docs/vendors/seedanceapi-org.txt; its traps: docs/vendors/seedanceapi-org.md.
The scrape lost the parameter names: they come from its examples, and
``callback_url`` (never shown) from the vendor's text about its next version.
"""

from collections.abc import Mapping
from decimal import Decimal

from . import dialect, fields
from .contract import Call, Kind, Mode, Model, Option, Price, PriceTable, PromptRule, Slot, Vendor, Wish
from .fields import Field
from .options import resolve

SOURCE = "docs/vendors/seedanceapi-org.txt"

FIELDS = (
    Field("prompt", "prompt"),
    Field("pictures", "image_urls"),
    Field("aspect_ratio", "aspect_ratio"),
    Field("resolution", "resolution"),
    Field("seconds", "duration", str),
    Field("audio", "generate_audio"),
    Field("camera_fixed", "fixed_lens"),
    Field("callback_url", "callback_url"),
)

DIALECT = dialect.Dialect(
    id_paths=("data.task_id", "task_id"),
    status_paths=("data.status", "status"),
    result_paths=(("data.response", "video"), ("response", "video")),
    roots=("data.response", "data.result", "response", "result"),
    reasons=("data.error_message", "error_message", "data.error"),
    ok=frozenset({"200"}),
    codes={
        "invalid_prompt": Kind.BAD_PROMPT,
        "invalid_aspect_ratio": Kind.BAD_OPTION,
        "invalid_resolution": Kind.BAD_OPTION,
        "invalid_duration": Kind.BAD_OPTION,
        "too_many_images": Kind.BAD_IMAGE,
        "invalid_api_key": Kind.AUTH,
        "insufficient_credits": Kind.INSUFFICIENT_CREDITS,
        "task_not_found": Kind.NOT_FOUND,
        "internal_error": Kind.SERVER,
    },
    used=("data.consumed_credits", "consumed_credits"),
)

# (resolution, seconds): credits without and with sound. Neither is a multiple
# of the other, so it is looked up and never computed. One credit is $0.005.
CREDITS = {
    ("480p", 4): (8, 14), ("480p", 8): (14, 28), ("480p", 12): (19, 38),
    ("720p", 4): (14, 28), ("720p", 8): (28, 56), ("720p", 12): (42, 84),
}  # fmt: skip
USD_PER_CREDIT = Decimal("0.005")

PRICES = PriceTable(
    by=("resolution", "seconds", "audio"),
    rows={
        (*key, audio): Price(Decimal(credits), credits * USD_PER_CREDIT)
        for key, pair in CREDITS.items()
        for audio, credits in zip((False, True), pair, strict=True)
    },
)

ONLY = Slot("start", 1, also=("reference",), mention="the image")

MODEL = Model(
    vendor="seedanceapi-org",
    id="seedance-2.0",
    name="Seedance 2.0 (vendor v1)",  # the page says 2.0; its task ids and the vendor say 1.5
    medium="video",
    endpoint="/v1/generate",
    options=(
        Option("seconds", legal=(4, 8, 12), default=8),
        Option("aspect_ratio", legal=("1:1", "16:9", "9:16", "4:3", "3:4", "21:9", "9:21"), default="1:1"),
        Option("resolution", legal=("480p", "720p"), default="720p"),
        Option("audio", legal=(False, True), default=False),
        Option("camera_fixed", legal=(False, True), default=False, advanced=True),
    ),
    modes=(Mode("text"), Mode("image-to-video", (ONLY,))),
    prompt=PromptRule(maximum=2000),
    prices=PRICES,
    source=SOURCE,
)


def submit(model: Model, wish: Wish, *, callback_url: str = "", idem_key: str = "") -> Call:
    """Builds the paid request. This vendor has no idempotency, so ``idem_key`` is not sent."""
    ready = resolve(model, wish)
    values = {**ready.values, "pictures": ready.urls("start") or None, "callback_url": callback_url or None}
    return fields.post(model.endpoint, fields.build_body(FIELDS, values))


def check(ticket: Mapping[str, str]) -> Call:
    return fields.get("/v1/status", task_id=ticket["task_id"])


VENDOR = Vendor(
    slug="seedanceapi-org",
    name="seedanceapi.org",
    base_url="https://seedanceapi.org",
    models=(MODEL,),
    unit="credits",
    submit=submit,
    read_submit=lambda reply: dialect.read_submit(DIALECT, reply),
    check=check,
    read_check=lambda reply: dialect.read_check(DIALECT, reply),
    adopt=dialect.adopt,
    read_callback=lambda body: dialect.read_callback(DIALECT, body),
    keys_url="https://seedanceapi.org",
    source=SOURCE,
)
