"""Describes seedanceapi.dev: six models, each with one length, one size and one price.

Source: docs/vendors/seedanceapi-dev.txt; its traps: docs/vendors/seedanceapi-dev.md.
Nothing but the words, one picture and the model can be chosen: length, size
and sound are in the model's name, and an unknown key is never sent.
"""

from collections.abc import Mapping
from decimal import Decimal

from . import dialect, fields
from .contract import (
    SOFT_PROMPT_LIMIT,
    Call,
    Kind,
    Mode,
    Model,
    Price,
    PriceTable,
    PromptRule,
    Slot,
    Vendor,
    Wish,
)
from .fields import Field
from .options import resolve

SOURCE = "docs/vendors/seedanceapi-dev.txt"

FIELDS = (
    Field("prompt", "prompt"),
    Field("model", "model"),
    Field("picture", "image"),
)

DIALECT = dialect.Dialect(
    id_paths=("data.task_id",),
    status_paths=("data.status",),
    result_paths=(("data.videos.url", "video"),),
    roots=("data.videos", "data.video", "data.result", "data.output"),
    reasons=("data.error",),
    ok=frozenset({"0"}),
    check_statuses={403: Kind.NOT_FOUND},  # "无权访问该任务": about this task, not about the key
)

# id: name, resolution, seconds, sound, credits ("支持的模型")
LIST = (
    ("seedance-lite-5s", "Seedance Lite 5 s", "720p", 5, False, 12),
    ("seedance-lite-10s", "Seedance Lite 10 s", "720p", 10, False, 24),
    ("seedance-pro-5s", "Seedance Pro 5 s", "1080p", 5, False, 35),
    ("seedance-pro-10s", "Seedance Pro 10 s", "1080p", 10, False, 70),
    ("seedance-1.5-pro-5s", "Seedance 1.5 Pro 5 s", "1080p", 5, True, 50),
    ("seedance-1.5-pro-10s", "Seedance 1.5 Pro 10 s", "1080p", 10, True, 100),
)

ONLY = Slot("start", 1, also=("reference",), mention="the image")
MODELS = tuple(
    Model(
        vendor="seedanceapi-dev",
        id=model_id,
        name=name,
        medium="video",
        endpoint="/v1/video/generate",
        modes=(Mode("text"), Mode("image-to-video", (ONLY,))),
        prompt=PromptRule(maximum=SOFT_PROMPT_LIMIT, required=False),
        fixed={"seconds": seconds, "resolution": resolution, "audio": audio},
        prices=PriceTable(by=(), rows={(): Price(Decimal(credits))}),
        source=SOURCE,
    )
    for model_id, name, resolution, seconds, audio, credits in LIST
)


def submit(model: Model, wish: Wish, *, callback_url: str = "", idem_key: str = "") -> Call:
    """Builds the paid request. This vendor has neither callbacks nor idempotency."""
    ready = resolve(model, wish)
    picture = next(iter(ready.urls("start")), None)
    values = {**ready.values, "prompt": ready.values["prompt"] or None, "picture": picture}
    return fields.post(model.endpoint, fields.build_body(FIELDS, values))


def check(ticket: Mapping[str, str]) -> Call:
    """Builds the status call, a POST that costs nothing and has the id in its body."""
    return fields.post("/v1/video/query", {"task_id": ticket["task_id"]})


VENDOR = Vendor(
    slug="seedanceapi-dev",
    name="seedanceapi.dev",
    base_url="https://api.seedanceapi.dev",
    models=MODELS,
    unit="credits",
    submit=submit,
    read_submit=lambda reply: dialect.read_submit(DIALECT, reply),
    check=check,
    read_check=lambda reply: dialect.read_check(DIALECT, reply),
    adopt=dialect.adopt,
    keys_url="https://seedanceapi.dev",
    source=SOURCE,
)
