"""Describes the two picture endpoints of seedance2ai.io, which name the same options differently.

Source: docs/vendors/seedance2ai.txt (GPT Image 2, Nano Banana Pro). One writes
``aspectRatio``, ``batchCount`` and ``imageUrls``, the other ``image_size`` and
``image_urls``: two tables, nothing shared.
"""

from .contract import Mode, Model, Option, PromptRule, Rule, Slot
from .fields import Field

SOURCE = "docs/vendors/seedance2ai.txt"

GPT_FIELDS = (
    Field("mode", "type"),
    Field("channel", "channel"),
    Field("prompt", "prompt"),
    Field("resolution", "resolution"),
    Field("aspect_ratio", "aspectRatio"),
    Field("count", "batchCount"),
    Field("reference", "imageUrls"),
)

NANO_FIELDS = (
    Field("mode", "type"),
    Field("prompt", "prompt"),
    Field("aspect_ratio", "image_size"),
    Field("resolution", "resolution"),
    Field("format", "output_format"),
    Field("reference", "image_urls"),
)

GPT_RATIOS = (
    "auto", "1:1", "5:4", "9:16", "21:9", "16:9", "4:3", "3:2",
    "4:5", "3:4", "2:3", "2:1", "1:2", "3:1", "1:3", "9:21",
)  # fmt: skip
NANO_RATIOS = ("1:1", "9:16", "16:9", "3:4", "4:3", "3:2", "2:3", "5:4", "4:5", "21:9", "auto")
SIZES = ("1K", "2K", "4K")

GPT = Model(
    vendor="seedance2ai",
    id="gpt-image-2",
    name="GPT Image 2",
    medium="still",
    endpoint="/api/v1/image/gpt-image-2",
    options=(
        Option("aspect_ratio", legal=GPT_RATIOS, default="1:1"),
        Option("resolution", legal=SIZES, default="1K"),
        Option("count", minimum=1, maximum=4, default=1),
        Option("channel", legal=("standard", "economy"), default="standard", advanced=True),
    ),
    modes=(Mode("text"), Mode("image-to-image", (Slot("reference", 1, 10),))),
    rules=(
        # "auto only supports 1K; 1:1 cannot use 4K on the standard channel."
        Rule((("aspect_ratio", "auto"),), "resolution", legal=("1K",)),
        Rule((("aspect_ratio", "1:1"), ("channel", "standard")), "resolution", legal=("1K", "2K")),
    ),
    prompt=PromptRule(minimum=3, maximum=20_000),
    source=SOURCE,
)

NANO = Model(
    vendor="seedance2ai",
    id="nano-banana-pro",
    name="Nano Banana Pro",
    medium="still",
    endpoint="/api/v1/image/nano-banana-pro",
    options=(
        Option("aspect_ratio", legal=NANO_RATIOS, default="auto"),
        Option("resolution", legal=SIZES, default="1K"),
        Option("format", legal=("png", "jpeg"), default="png"),
    ),
    modes=(Mode("text"), Mode("image-to-image", (Slot("reference", 1, 8),))),
    prompt=PromptRule(minimum=3, maximum=10_000),
    source=SOURCE,
)

MODELS = (GPT, NANO)
TABLES = {GPT.endpoint: GPT_FIELDS, NANO.endpoint: NANO_FIELDS}
