"""Classifies an error by the vendor's code, else by the HTTP status, else by its message.

The order matters (docs/vendors/acedata.md, row 2-16: an HTTP 400 that is
about the key). The message only refines a class that says
nothing by itself.
"""

import re
from collections.abc import Mapping

from .contract import Kind

BY_STATUS: Mapping[int, Kind] = {
    400: Kind.INVALID_REQUEST,
    401: Kind.AUTH,
    402: Kind.INSUFFICIENT_CREDITS,
    403: Kind.AUTH,
    404: Kind.NOT_FOUND,
    408: Kind.TRANSIENT,
    409: Kind.CONFLICT,
    422: Kind.INVALID_REQUEST,
    425: Kind.TRANSIENT,
    429: Kind.RATE_LIMITED,
    502: Kind.TRANSIENT,
    503: Kind.TRANSIENT,
    504: Kind.TRANSIENT,
}

# Statuses with which a vendor refuses before it acts. 408 and 409 do not tell that.
REFUSING = frozenset({400, 401, 402, 403, 404, 422, 429})

# Kinds that tell nothing about whether a submit was acted on.
UNSURE = frozenset({Kind.TRANSIENT, Kind.SERVER, Kind.PROTOCOL, Kind.CONFLICT})

_VAGUE = frozenset({Kind.INVALID_REQUEST, Kind.MODERATION, Kind.FAILED})

_REJECTED = r"(?:sensitive|moderat|polic[yi]|violat|unsafe|nsfw|risk|prohibit|blocked|敏感|违规|审核)"
_PICTURE = r"(?:image|picture|media|图片)"
_WORDS = r"(?:input_?text|prompt|\btext\b|提示词|文本)"
_SETTING = r"(?:duration|ratio|resolution|frames|seed|aspect)"
_UNREAD = r"(?:download|fetch|access|reach|invalid|decode|无效|下载)"
_UNFIT = r"(?:unsupported|too (?:large|big|small)|format)"
_WRONG = r"(?:empty|long|short|invalid|required|missing|length|为空|过长)"

# In this order: the first that matches is the class.
GUESSES: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile("|".join(patterns), re.IGNORECASE))
    for kind, *patterns in (
        (Kind.REAL_PERSON, r"real[\s_-]?(?:person|people|human|face)", r"privacy_?information", "celebrit"),
        (Kind.REAL_PERSON, "public figure", "真人", "人脸", "肖像"),
        (Kind.INSUFFICIENT_CREDITS, r"insufficient(?! (?:perm|priv|scope|access))", r"\bcredits?\b"),
        (Kind.INSUFFICIENT_CREDITS, r"\bbalance\b", "out of quota", "used_up", "积分", "余额", "Guthaben"),
        (
            Kind.MODERATION_AUDIO,
            f"(?:audio|sound|音频).{{0,60}}{_REJECTED}",
            f"{_REJECTED}.{{0,60}}(?:audio|sound)",
        ),
        (
            Kind.MODERATION_OUTPUT,
            f"(?:output|generated|result).{{0,60}}{_REJECTED}",
            f"{_REJECTED}.{{0,40}}output",
        ),
        (Kind.MODERATION_IMAGE, f"{_PICTURE}.{{0,60}}{_REJECTED}", f"{_REJECTED}.{{0,40}}{_PICTURE}"),
        (Kind.MODERATION_PROMPT, f"{_WORDS}.{{0,60}}{_REJECTED}", f"{_REJECTED}.{{0,40}}{_WORDS}"),
        (Kind.MODERATION, _REJECTED, "content safety"),
        (Kind.BAD_IMAGE, f"{_PICTURE}.{{0,60}}(?:{_UNREAD}|{_UNFIT})", f"{_UNREAD}.{{0,40}}{_PICTURE}"),
        (Kind.BAD_PROMPT, f"(?:prompt|提示词).{{0,40}}{_WRONG}", f"{_WRONG}.{{0,20}}prompt"),
        (Kind.BAD_OPTION, f"{_SETTING}.{{0,40}}(?:invalid|support|must be|illegal|not allowed)"),
        (Kind.BAD_OPTION, f"(?:invalid|unsupported|illegal).{{0,20}}{_SETTING}"),
    )
)


def kind_of_status(status: int, table: Mapping[int, Kind] = BY_STATUS) -> Kind | None:
    """Returns the kind of an HTTP status; None for a success and for what is no HTTP error."""
    if status in table:
        return table[status]
    if status in BY_STATUS:
        return BY_STATUS[status]
    if 400 <= status < 500:
        return Kind.INVALID_REQUEST
    return Kind.SERVER if 500 <= status < 600 else None


def guess_kind(*texts: str) -> Kind | None:
    """Returns the kind that the vendor's message suggests, or None. It is never one after which a
    paid request would be repeated."""
    text = " ".join(texts)
    return next((kind for kind, pattern in GUESSES if pattern.search(text)), None)


def refine_kind(kind: Kind | None, *texts: str) -> Kind | None:
    """Returns the kind that the texts suggest where the given one says nothing by itself."""
    return (guess_kind(*texts) or kind) if kind is None or kind in _VAGUE else kind
