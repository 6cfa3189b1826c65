"""defapi.org: words and up to nine pictures in one list, named ``@imageN``.

Source: docs/vendors/defapi.txt; its traps: docs/vendors/defapi.md.
Every error has the same body code 1, so its class is in the HTTP status; what
a task cost comes back as a decimal in an unnamed unit.
"""

from collections.abc import Mapping

from . import dialect, fields
from .contract import SOFT_PROMPT_LIMIT, Call, Mode, Model, Option, PromptRule, Slot, Vendor, Wish
from .fields import Field
from .options import resolve

SOURCE = "docs/vendors/defapi.txt"

FIELDS = (
    Field("model", "model"),
    Field("content", "content"),
    Field("seconds", "duration"),
    Field("aspect_ratio", "ratio"),
    Field("callback_url", "callback_url"),
)

# Each place twice: a look comes in an envelope, a callback was seen without one.
DIALECT = dialect.Dialect(
    id_paths=("data.task_id", "task_id"),
    status_paths=("data.status", "status"),
    result_paths=(("data.result.video", "video"), ("result.video", "video")),
    roots=("data.result", "result"),
    reasons=("data.status_reason.message", "status_reason.message", "data.status_reason", "status_reason"),
    ok=frozenset({"0"}),
    used=("data.consumed", "consumed"),
)

MODEL = Model(
    vendor="defapi",
    id="seedance-2.0",
    name="Seedance 2.0",
    medium="video",
    endpoint="/api/video/seedance/gen",
    options=(
        Option("seconds", legal=(5, 10, 15), default=5),
        Option("aspect_ratio", legal=("16:9", "9:16", "1:1", "4:3", "3:4", "21:9"), default="16:9"),
    ),
    modes=(Mode("text"), Mode("media-to-video", (Slot("reference", 1, 9, mention="@image{n}"),))),
    prompt=PromptRule(maximum=SOFT_PROMPT_LIMIT),
    source=SOURCE,
)


def content(prompt: str, urls: list[str]) -> list[dict[str, object]]:
    """Builds the ``content`` list: the prompt, then the pictures in the order that ``@imageN``
    counts. This vendor knows no ``role``."""
    items: list[dict[str, object]] = [{"type": "text", "text": prompt}]
    return items + [{"type": "image_url", "image_url": {"url": url}} for url in urls]


def submit(model: Model, wish: Wish, *, callback_url: str = "", idem_key: str = "") -> Call:
    """Builds the paid request. This vendor has no idempotency, so ``idem_key`` is not sent."""
    ready = resolve(model, wish)
    body = content(str(ready.values["prompt"]), ready.urls("reference"))
    values = {**ready.values, "content": body, "callback_url": callback_url or None}
    return fields.post(model.endpoint, fields.build_body(FIELDS, values))


def check(ticket: Mapping[str, str]) -> Call:
    return fields.get("/api/task/query", task_id=ticket["task_id"])


VENDOR = Vendor(
    slug="defapi",
    name="defapi.org",
    base_url="https://api.defapi.org",
    models=(MODEL,),
    unit="units",  # "consumed" has no unit in the document
    submit=submit,
    read_submit=lambda reply: dialect.read_submit(DIALECT, reply),
    check=check,
    read_check=lambda reply: dialect.read_check(DIALECT, reply),
    adopt=dialect.adopt,
    read_callback=lambda body: dialect.read_callback(DIALECT, body),
    key_hint="dk-",
    keys_url="https://defapi.org",
    source=SOURCE,
)
