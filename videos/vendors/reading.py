"""Reads single values out of a vendor's answer. No function here raises.

Text from a vendor is untrusted and reaches rows, pages and log lines, so it
is cleaned here once: no control characters, no lone surrogates (PostgreSQL
and UTF-8 refuse them), nothing that looks like a key.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from .contract import Charge

MAX_TEXT = 2000
_MOST = Decimal(10) ** 8  # credits for one film; a column holds eight digits and six places
_PLACES = Decimal("0.000001")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
_SECRET = re.compile(r"\b(?:sk_live_|dk-|bearer\s+)[\w.~+/-]{4,}", re.IGNORECASE)
_TASK_ID = re.compile(r"[\x21-\x7e]{1,200}")
_URL = re.compile(r"https?://[^\s\x00-\x20\x7f\ud800-\udfff]{1,8000}", re.IGNORECASE)
_LINK = re.compile(r"https?://[^\s/?#\\]+(?:[/?#][^\x00-\x1f\x7f\ud800-\udfff]{0,8000})?", re.IGNORECASE)
_TAG = re.compile(r"<[^>]{0,500}>")
_SUCCESS_WORDS = frozenset(
    "|0|00|000|0000|00000|0.0|200|200.0|201|202|ok|okay|success|succeeded|successful|successfully|succeed|done"
    "|none|null|nil|n/a|no_error|noerror|false|成功|操作成功|请求成功|提交成功".split("|")
)
# What a record of an error may hold that says nothing about one.
_METADATA_KEYS = frozenset(
    ("request_id", "requestid", "trace_id", "traceid", "id", "time", "timestamp", "param")
)
_TEXT_KEYS = ("message", "msg", "detail", "reason", "error_message", "error", "code")


def values_at(tree: object, path: str) -> Iterator[object]:
    """Yields every value at a dotted path; a list on the way stands for its items."""
    head, _, rest = path.partition(".")
    for node in tree if isinstance(tree, list) else (tree,):
        value = node.get(head) if isinstance(node, dict) else None
        if value is None:
            continue
        if rest:
            yield from values_at(value, rest)
        elif isinstance(value, list):
            yield from value
        else:
            yield value


def first_value(tree: object, paths: tuple[str, ...]) -> object:
    """Returns the first value that exists at any of the paths, or None."""
    return next((value for path in paths for value in values_at(tree, path) if value is not None), None)


def clean_text(value: object, limit: int = MAX_TEXT) -> str:
    """Returns the text for people in ``value``, cleaned: of a string, an object with a message, or
    a list of them (docs/vendors/seedanceapi-dev.txt: ``error`` null)."""
    if isinstance(value, str):
        clean = _UNPRINTABLE.sub(" ", value[: limit * 2])
        return _SECRET.sub("…", clean).strip()[:limit]
    if isinstance(value, Mapping):
        found = (clean_text(value.get(key), limit) for key in _TEXT_KEYS)
        return next((text for text in found if text), "")
    if isinstance(value, list):
        return "; ".join(filter(None, (clean_text(item, limit) for item in value[:5])))[:limit]
    if value is None or isinstance(value, bool):
        return ""
    return str(value)[:limit]


def page_text(body: bytes) -> str:
    """Returns the text of an HTML page that came instead of JSON, at most 200 characters. Broken
    JSON gives "": it may repeat the request, and with it the callback's address."""
    if body.lstrip()[:1] in (b"{", b"["):
        return ""
    return clean_text(re.sub(r"\s+", " ", _TAG.sub(" ", body[:2000].decode("utf-8", "replace"))), 200)


def code_text(value: object) -> str:
    """Returns a vendor's code as text: ``400`` and ``"400"`` are the same code."""
    return clean_text(value, 64) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def says_no_error(value: object) -> bool:
    """Returns whether the value of an error field says that there is no error: nothing, zero, a
    word such as "success", or an object that holds nothing else."""
    if value is None or isinstance(value, bool):
        return not value
    if isinstance(value, Mapping):
        told = (item for key, item in value.items() if str(key).casefold() not in _METADATA_KEYS)
        return all(says_no_error(item) for item in told)
    if isinstance(value, list):
        return all(says_no_error(item) for item in value)
    return str(value).strip().casefold().replace(" ", "_").rstrip(".!") in _SUCCESS_WORDS


def task_id(value: object) -> str:
    """Returns a usable task id, or ``''``. It is put into a path and a row, so it must be printable
    ASCII without spaces, and not ``.`` or ``..``."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if isinstance(text, str) and _TASK_ID.fullmatch(text) and text.strip("."):
        return text
    return ""


def web_address(value: object) -> str:
    """Returns an http(s) address with a host, or ``''``. videos/network decides whether it may be
    fetched."""
    if not isinstance(value, str) or not _URL.fullmatch(value.strip()):
        return ""
    try:
        return value.strip() if urlsplit(value.strip()).hostname else ""
    except ValueError:
        return ""


def result_link(value: object) -> str:
    """Returns a result's address as the vendor wrote it, or ``''``. Behind the host it may hold
    characters that ought to be encoded (a blank, a quote): videos/network encodes them."""
    if not isinstance(value, str) or not _LINK.fullmatch(value.strip()):
        return ""
    try:
        return value.strip() if urlsplit(value.strip()).hostname else ""
    except ValueError:
        return ""


def amount(value: object) -> Decimal | None:
    """Returns an amount of money as Decimal with at most six places, from an int, ``"0.500000"`` or
    a JSON number. None for what is no amount: negative, infinite, 10^8 and more, or so small that
    six places round it to zero."""
    if isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
        return None
    try:
        number = Decimal(value.strip() if isinstance(value, str) else value)
    except InvalidOperation:
        return None
    if not number.is_finite() or not 0 <= number < _MOST:
        return None
    exponent = number.as_tuple().exponent
    fits = isinstance(exponent, int) and -6 <= exponent <= 0
    kept = number if fits else number.quantize(_PLACES)
    return kept if kept < _MOST and bool(kept) == bool(number) else None


def read_charge(tree: object, used: tuple[str, ...], refunded: tuple[str, ...] = ()) -> Charge | None:
    """Returns what the vendor says it charged, or None where it says nothing. An amount that cannot
    be right does not make the answer unreadable: the charge is unknown, and ``odd`` keeps the text."""
    told, back = first_value(tree, used), first_value(tree, refunded)
    spent, returned = amount(told), amount(back)
    odd = ", ".join(filter(None, (_unusable_text(told, spent), _unusable_text(back, returned))))
    return None if spent is None and not odd else Charge(spent, returned, odd)


def _unusable_text(value: object, read: Decimal | None) -> str:
    return clean_text(value, 40) if read is None and isinstance(value, (int, str, Decimal)) else ""


def percent(value: object) -> int | None:
    """Returns 0 to 100, from ``45`` or ``"45%"``; None for anything else."""
    number = amount(value.strip().removesuffix("%") if isinstance(value, str) else value)
    return int(number) if number is not None and number <= 100 else None
