"""Describes seedance2ai.io: films from a prompt, frames or media; the only vendor with idempotency.

Source: docs/vendors/seedance2ai.txt; its traps: docs/vendors/seedance2ai.md.
The two picture endpoints share keys, status call and errors with the films and
are described in seedance2ai_stills.py. The document shows no answer to a
submit and no error body, so both are read in every likely shape.
"""

import re
from collections.abc import Mapping

from . import dialect, fields, seedance2ai_stills
from .contract import Call, Kind, Mode, Model, Option, PromptRule, RateLimit, Rule, Slot, Vendor, Wish
from .fields import Field
from .options import resolve

SOURCE = "docs/vendors/seedance2ai.txt"

VIDEO_FIELDS = (
    Field("mode", "mode"),
    Field("tier", "quality_tier"),
    Field("channel", "channel"),
    Field("prompt", "prompt"),
    Field("aspect_ratio", "aspect_ratio"),
    Field("seconds", "duration", str),
    Field("resolution", "resolution"),
    Field("start", "image_url"),
    Field("end", "end_image_url"),
    Field("reference", "media_urls"),
    Field("audio", "generate_audio"),
    Field("camera_fixed", "fixed_lens"),
    Field("seed", "seed"),
)

# A mention says what the document calls the picture ("Start frame", "Optional end frame").
START = Slot("start", 1, mention="the start frame")
END = Slot("end", mention="the end frame")

VIDEO = Model(
    vendor="seedance2ai",
    id="seedance",
    name="Seedance Video",
    medium="video",
    endpoint="/api/v1/video/seedance",
    options=(
        Option("seconds", minimum=4, maximum=15, default=5),
        Option("aspect_ratio", legal=("1:1", "21:9", "4:3", "3:4", "16:9", "9:16"), default="16:9"),
        Option("resolution", legal=("720p", "1080p"), default="720p"),
        Option("audio", legal=(False, True), default=True),
        Option("tier", legal=("standard", "pro"), default="standard"),
        Option("channel", legal=("standard", "real", "wild"), default="standard", advanced=True),
        Option("camera_fixed", legal=(False, True), default=False, advanced=True),
        Option("seed", minimum=-1, maximum=4294967295, advanced=True),
    ),
    modes=(
        Mode("text"),
        Mode("image-to-video", (START, END)),
        Mode("media-to-video", (Slot("reference", 1, 12, ("image", "video")),)),
    ),
    rules=(Rule((("channel", "real"),), "seed"),),  # "Not supported on the real channel."
    prompt=PromptRule(minimum=3, maximum=10_000),
    source=SOURCE,
)

MODELS = (VIDEO, *seedance2ai_stills.MODELS)
TABLES = {VIDEO.endpoint: VIDEO_FIELDS, **seedance2ai_stills.TABLES}
WIRE_MODES = {("video", "text"): "text-to-video", ("still", "text"): "text-to-image"}

DIALECT = dialect.Dialect(
    id_paths=("id", "task_id", "taskId", "data.id", "data.task_id", "data.taskId"),
    status_paths=("status", "data.status"),
    result_paths=tuple(
        (f"{root}.{tail}", kind)
        for root in ("output", "data.output")
        for tail, kind in (
            ("video_url", "video"),
            ("images.url", "still"),
            ("images", "still"),
            ("image_urls", "still"),
            ("image_url", "still"),
        )
    ),
    roots=("output", "data.output"),
    reasons=("error", "data.error", "error_message"),
    codes={
        "unauthorized": Kind.AUTH,
        "invalid_request": Kind.INVALID_REQUEST,
        "insufficient_credits": Kind.INSUFFICIENT_CREDITS,
        "rate_limited": Kind.RATE_LIMITED,
        "idempotency_conflict": Kind.CONFLICT,
        "service_busy": Kind.TRANSIENT,
        "not_found": Kind.NOT_FOUND,
        "internal_error": Kind.SERVER,
    },
    used=("credits_used", "data.credits_used"),
    refunded=("credits_refunded", "data.credits_refunded"),
    word_first=True,  # a failed task carries its error at the top
)

_IDEM_KEY = re.compile(r"[\x21-\x7e]{1,255}")


def submit(model: Model, wish: Wish, *, callback_url: str = "", idem_key: str = "") -> Call:
    """Builds the paid request, which may be repeated with the same key and the same bytes. Only
    the fields of the chosen mode are sent. Raises ValueError without a usable ``idem_key``:
    without one, a request whose answer was lost could not be repeated."""
    if not _IDEM_KEY.fullmatch(idem_key):
        raise ValueError("a paid request here carries an Idempotency-Key")
    ready = resolve(model, wish)
    values = {
        **ready.values,
        "mode": WIRE_MODES.get((model.medium, ready.mode.name), ready.mode.name),
        "start": next(iter(ready.urls("start")), None),
        "end": next(iter(ready.urls("end")), None),
        "reference": ready.urls("reference") or None,
    }
    tree = fields.build_body(TABLES[model.endpoint], values)
    return fields.post(model.endpoint, tree, (("Idempotency-Key", idem_key),))


def check(ticket: Mapping[str, str]) -> Call:
    return fields.get("/api/v1/tasks/", step=ticket["task_id"])


VENDOR = Vendor(
    slug="seedance2ai",
    name="seedance2ai.io",
    base_url="https://seedance2ai.io",
    models=MODELS,
    unit="credits",
    submit=submit,
    read_submit=lambda reply: dialect.read_submit(DIALECT, reply),
    check=check,
    read_check=lambda reply: dialect.read_check(DIALECT, reply),
    adopt=dialect.adopt,
    key_hint="sk_live_",
    keys_url="https://seedance2ai.io",
    idempotent=True,
    rate=RateLimit(30, 60),  # seen by others, not in the document: docs/vendors/seedance2ai.md
    source=SOURCE,
)
