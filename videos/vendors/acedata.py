"""Describes acedata.cloud: five Doubao models, with the widest set of options of the five vendors.

Source: docs/vendors/acedata.txt; its traps and the status call, which the
document lacks: docs/vendors/acedata.md. Without a callback the documented
request blocks for minutes, and a cut line then leaves a paid request unknown;
so it is sent with a callback, or with ``"async": true`` and asked about.
"""

from collections.abc import Mapping

from . import dialect, fields
from .contract import (
    SOFT_PROMPT_LIMIT,
    Call,
    Kind,
    Mode,
    Model,
    Option,
    Picture,
    PromptRule,
    Slot,
    Vendor,
    Wish,
)
from .fields import Field
from .options import resolve

SOURCE = "docs/vendors/acedata.txt"

FIELDS = (
    Field("model", "model"),
    Field("content", "content"),
    Field("resolution", "resolution"),
    Field("aspect_ratio", "ratio"),
    Field("seconds", "duration"),
    Field("frames", "frames"),
    Field("seed", "seed"),
    Field("camera_fixed", "camerafixed"),
    Field("watermark", "watermark"),
    Field("audio", "generate_audio"),
    Field("service", "service_tier"),
    Field("last_frame", "return_last_frame"),
    Field("expires_after", "execution_expires_after"),
    Field("callback_url", "callback_url"),
    Field("async", "async"),
)

# The outer id is the task; data.task_id ("cgt-...") belongs to the upstream and
# is never asked about. A look wraps the same record in "response".
DIALECT = dialect.Dialect(
    id_paths=("task_id", "response.task_id"),
    status_paths=("response.data.status", "data.status", "status"),
    result_paths=(
        ("response.data.video_url", "video"),
        ("response.data.content.video_url", "video"),
        ("data.video_url", "video"),
        ("data.content.video_url", "video"),
    ),
    roots=("response.data", "data"),
    reasons=("response.error", "response.data.error", "data.error", "error"),
    codes={
        "token_mismatched": Kind.AUTH,  # an HTTP 400
        "no_token": Kind.AUTH,
        "invalid_token": Kind.AUTH,
        "token_expired": Kind.AUTH,
        "disabled": Kind.AUTH,
        "used_up": Kind.INSUFFICIENT_CREDITS,
        "api_not_implemented": Kind.INVALID_REQUEST,
        "bad_request": Kind.INVALID_REQUEST,
        "not_found": Kind.NOT_FOUND,
        "too_many_requests": Kind.RATE_LIMITED,
        "api_error": Kind.SERVER,
        "internal_error": Kind.SERVER,
    },
    submit_statuses={403: Kind.MODERATION},
    upstream=("response.data.task_id", "data.task_id", "response.data.id", "data.id"),
    trace=("response.trace_id", "trace_id"),
    progress=("response.data.progress", "data.progress"),
    verdicts=("response.error", "response.data.error", "data.error"),
    word_first=True,
    in_progress_paths=("id", "_id"),
)

RATIOS = ("16:9", "4:3", "1:1", "3:4", "9:16", "21:9", "adaptive")
AUDIO = Option("audio", legal=(False, True), default=False)

TEXT = Mode("text")
# A mention says what the document calls the picture: first_frame, last_frame.
FIRST = Slot("start", 1, mention="the first frame")
LAST = "the last frame"
PAIR = Mode("image-to-video", (FIRST, Slot("end", mention=LAST)))
FIRST_ONLY = Mode("image-to-video", (FIRST,))
# The document shows two pictures for one model and forbids them for none; the
# upstream lists them for 1.0 Pro, 1.5 Pro and Lite I2V only.
UNLISTED_PAIR = Mode("image-to-video", (FIRST, Slot("end", 1, mention=LAST)), doubtful=True)


def options(*extra: Option, ratio: str = "16:9", warn_seconds: int | None = None) -> tuple[Option, ...]:
    """Returns the options that every model here takes. The document gives no defaults, and those
    of the vendor and of its upstream differ, so ours are sent with every request."""
    return (
        Option("seconds", minimum=2, maximum=12, default=5, warn_below=warn_seconds),
        Option("aspect_ratio", legal=RATIOS, default=ratio),
        Option("resolution", legal=("480p", "720p", "1080p"), default="720p"),
        *extra,
        Option("camera_fixed", legal=(False, True), default=False, advanced=True),
        Option("watermark", legal=(False, True), default=False, advanced=True),
        Option("last_frame", legal=(False, True), default=False, advanced=True),
        Option("seed", minimum=-1, maximum=4294967295, advanced=True),
        Option("frames", minimum=29, maximum=289, step=4, advanced=True),
        Option("service", legal=("default", "flex"), default="default", advanced=True),
        Option("expires_after", minimum=3600, maximum=259200, advanced=True),
    )


def _model(model_id: str, name: str, taken: tuple[Option, ...], *modes: Mode) -> Model:
    silent = not any(option.name == "audio" for option in taken)
    return Model(
        vendor="acedata",
        id=model_id,
        name=name,
        medium="video",
        endpoint="/seedance/videos",
        options=taken,
        modes=modes,
        one_of=(("seconds", "frames"),),
        prompt=PromptRule(maximum=SOFT_PROMPT_LIMIT, inline=True),
        fixed={"audio": False} if silent else {},
        data_pictures=10 * 1024 * 1024,  # ours: the document names no limit for data: pictures
        source=SOURCE,
    )


PRO, LITE = "doubao-seedance-1-0-pro", "doubao-seedance-1-0-lite"

MODELS = (
    _model("doubao-seedance-1-5-pro-251215", "Seedance 1.5 Pro", options(AUDIO, warn_seconds=4), TEXT, PAIR),
    _model(f"{PRO}-250528", "Seedance 1.0 Pro", options(), TEXT, PAIR),
    _model(f"{PRO}-fast-251015", "Seedance 1.0 Pro Fast", options(), TEXT, FIRST_ONLY, UNLISTED_PAIR),
    _model(f"{LITE}-t2v-250428", "Seedance 1.0 Lite (text)", options(), TEXT),
    _model(f"{LITE}-i2v-250428", "Seedance 1.0 Lite (picture)", options(ratio="adaptive"), PAIR),
)


def content(prompt: str, pictures: tuple[Picture, ...]) -> list[dict[str, object]]:
    """Builds the ``content`` list: the prompt, then the first and the last frame. ``image_url`` is
    an object (a bare string is answered with HTTP 400); a role is needed once there are two."""
    items: list[dict[str, object]] = [{"type": "text", "text": prompt}]
    ordered = sorted(pictures, key=lambda picture: picture.role != "start")
    for picture in ordered:
        item: dict[str, object] = {"type": "image_url", "image_url": {"url": picture.url}}
        if len(ordered) > 1:
            item["role"] = "first_frame" if picture.role == "start" else "last_frame"
        items.append(item)
    return items


def submit(model: Model, wish: Wish, *, callback_url: str = "", idem_key: str = "") -> Call:
    """Builds the paid request. This vendor has no idempotency, so ``idem_key`` is not sent."""
    ready = resolve(model, wish)
    values = {
        **ready.values,
        "content": content(str(ready.values["prompt"]), ready.pictures),
        "callback_url": callback_url or None,
        "async": None if callback_url else True,
    }
    return fields.post(model.endpoint, fields.build_body(FIELDS, values))


def check(ticket: Mapping[str, str]) -> Call:
    """Builds the status call (docs/vendors/acedata.md), a POST that costs nothing."""
    return fields.post("/seedance/tasks", {"id": ticket["task_id"], "action": "retrieve"})


VENDOR = Vendor(
    slug="acedata",
    name="acedata.cloud",
    base_url="https://api.acedata.cloud",
    models=MODELS,
    unit="credits",
    submit=submit,
    read_submit=lambda reply: dialect.read_submit(DIALECT, reply),
    check=check,
    read_check=lambda reply: dialect.read_check(DIALECT, reply),
    adopt=dialect.adopt,
    read_callback=lambda body: dialect.read_callback(DIALECT, body),
    tells=True,
    keys_url="https://platform.acedata.cloud",
    source=SOURCE,
)
