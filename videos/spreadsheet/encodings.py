"""Decodes the bytes of a file. UTF-8 can be recognised with certainty. Most older encodings decode any
bytes, though wrongly: which of them a file was written in is guessed, and a person confirms the guess."""

import re
from dataclasses import dataclass

import charset_normalizer

# What spreadsheet programs and editors wrote before UTF-8, by Python's names.
OLD = (
    "gb18030", "big5hkscs", "cp932", "cp949", "cp1252", "cp1251", "cp1250", "cp1253", "cp1254", "cp1257",
    "euc_jp", "koi8_r", "mac_roman", "cp850", "cp874", "iso2022_jp",
)  # fmt: skip
# UTF-16 and UTF-32 are known by their first bytes. The order matters: UTF-32's begin with UTF-16's.
MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# No table holds these: control characters, characters that nobody assigned, and half of a pair.
NEVER = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufdd0-\ufdef\ufffd-\uffff\U000f0000-\U0010ffff]"
)
FOREIGN = (
    ("workbook", re.compile(rb"PK\x03\x04(?s:.)*?xl/")),
    ("opendocument", re.compile(rb"PK\x03\x04(?s:.){26,200}?opendocument\.spreadsheet")),
    ("numbers", re.compile(rb"PK\x03\x04(?s:.)*?\.iwa")),
    ("old_workbook", re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")),
    ("page", re.compile(rb"\s*<(?:!doctype|html|table|\?xml)", re.IGNORECASE)),
    ("document", re.compile(rb"%PDF|\{\\rtf|PK\x03\x04")),
)  # fmt: skip
HANGUL, HAN = re.compile("[\uac00-\ud7a3]"), re.compile("[\u4e00-\u9fff]")
SAMPLE = 4096  # bytes: enough to guess from, which takes some 30 ms
LINES_SHOWN, LINE_SHOWN = 5, 120
LINES_LOOKED_AT = 2000
SHOWN_MOST = 8


@dataclass(frozen=True, slots=True)
class Reading:
    """One possible decoding of a file. ``lines`` are some that other encodings decode differently."""

    encoding: str
    lines: tuple[str, ...]


class Unsure(Exception):
    """The encoding of the file is not certain. ``readings``: the likeliest first."""

    def __init__(self, readings: tuple[Reading, ...]):
        super().__init__(", ".join(one.encoding for one in readings))
        self.readings = readings


class NoText(ValueError):
    """The file is no text. ``kind``: what it is, or empty."""

    def __init__(self, kind: str = ""):
        super().__init__(kind)
        self.kind = kind


def decode(data: bytes, likely: str = "") -> str:
    """Returns the text of a file. Raises NoText, and Unsure where more than one reading makes sense, or the
    only one might be wrong; ``likely``: the encoding that comes first among equals."""
    if kind := next((kind for kind, pattern in FOREIGN if pattern.match(data)), ""):
        raise NoText(kind)
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return read_as(data, encoding)
    if b"\0" not in data and b"\x1b" not in data:
        try:
            return read_as(data, "utf-8")
        except NoText:
            pass
    readings = _readings(data, likely)
    if not readings:
        raise NoText
    raise Unsure(readings)


def read_as(data: bytes, encoding: str) -> str:
    """Returns the text by one encoding. Raises NoText where a byte is not valid in it, or stands for a
    character that no table has."""
    try:
        text = data.decode(encoding)
    except UnicodeError:
        raise NoText from None
    if NEVER.search(text.removesuffix("\x1a")):  # DOS ended a file with it
        raise NoText
    return text.removesuffix("\x1a")


def _readings(data: bytes, likely: str) -> tuple[Reading, ...]:
    found: dict[tuple[str, ...], str] = {}
    for encoding in ("utf-16-le", "utf-16-be") if b"\0" in data else _ranked(data, likely):
        try:
            lines = _distinguishing_lines(read_as(data, encoding))
        except NoText:
            continue
        found.setdefault(lines, encoding)
    read = [Reading(encoding, lines) for lines, encoding in found.items()]
    if b"\0" in data:  # the wrong order of bytes makes a Chinese sign of every Latin letter
        read.sort(key=lambda one: -sum(sign.isascii() for line in one.lines for sign in line))
    return tuple(read[:SHOWN_MOST])


def _ranked(data: bytes, likely: str) -> list[str]:
    """Returns encodings, the likeliest first, by lines that hold more than ASCII."""
    sample = b"\n".join(line for line in data.split(b"\n") if not line.isascii() or b"\x1b" in line)[:SAMPLE]
    guessed = charset_normalizer.from_bytes(
        sample, cp_isolation=list(OLD), threshold=1.0, preemptive_behaviour=False, language_threshold=0.0
    )
    order = {name: (_oddness(match), n) for n, match in enumerate(guessed) for name in _names(match)}
    return sorted(
        OLD, key=lambda one: (order.get(one, (1e6, 0))[0], one != likely, order.get(one, (0, 99))[1])
    )


def _oddness(match: charset_normalizer.CharsetMatch) -> float:
    """Returns how odd a decoding looks, in percent as the library measures it; Korean and Chinese signs
    side by side count as odd as well."""
    mixed = HANGUL.search(str(match)) and HAN.search(str(match))
    return match.percent_chaos + (50 if mixed else 0)


def _names(match: charset_normalizer.CharsetMatch) -> list[str]:
    """Returns the encodings of a match: those that decode the sample alike are one match."""
    return [match.encoding, *(one.encoding for one in match.submatch)]


def _distinguishing_lines(text: str) -> tuple[str, ...]:
    """Returns lines with non-ASCII characters that no line before them had: in these the decodings differ."""
    lines, told, seen = text.split("\n", LINES_LOOKED_AT)[:LINES_LOOKED_AT], [], set()
    for line in lines:
        new = {sign for sign in line[:LINE_SHOWN] if not sign.isascii()} - seen
        if new and len(told) < LINES_SHOWN:
            told.append(line[:LINE_SHOWN].strip())
            seen |= new
    return tuple(told or [line[:LINE_SHOWN].strip() for line in lines[:LINES_SHOWN]])
