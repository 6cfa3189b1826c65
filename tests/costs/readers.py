"""Everything that reads what strangers, people, files or vendors wrote, with the largest size that it is
given and the texts that would hurt most. docs/limits.md has the same list for people."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.test import RequestFactory
from django.utils.http import parse_etags
from django.utils.translation import get_language_from_request

from videos import access, live, logs, spelling
from videos.accounts.cookies import CookiesMiddleware
from videos.create.many import columns, rows, table
from videos.history import queries as history
from videos.jobs.account import retry_after
from videos.media import serve
from videos.models import email_addresses, work
from videos.network import addresses
from videos.recipes import changes, comparing, files, wording
from videos.search import words
from videos.spreadsheet import cells, encodings, tables
from videos.usage import support_report
from videos.vendors import faults, flags, mentions, reading, registry, strict_json

WEB = RequestFactory()
INLINE = next(model for model in registry.MODELS.values() if model.prompt.inline)
HEADER, HEADERS = 8190, 100 * 8190  # what gunicorn takes of one header line, and of all of them
FIELD = 1_000_000  # characters of the longest field (videos/templatetags/studio.py)


@dataclass(frozen=True)
class Reader:
    """``largest``: characters or bytes. ``worst``: what makes a text of a size. ``counted``: its work has
    a most whatever the size, and tests of its own count it."""

    name: str
    largest: int
    read: Callable[[object], object]
    worst: tuple[Callable[[int], object], ...]
    counted: bool = False


def repeated(*pieces: str) -> tuple[Callable[[int], str], ...]:
    """Of each piece as many as make up the size; ``…`` in it: what follows stands once, at the end."""
    return tuple(
        lambda n, piece=piece: (piece.partition("…")[0] * n)[:n] + piece.partition("…")[2] for piece in pieces
    )


def encoded(*pieces: str, by: str = "utf-8") -> tuple[Callable[[int], bytes], ...]:
    return tuple(lambda n, make=make: make(n).encode(by, "ignore") for make in repeated(*pieces))


def tolerant(read: Callable, *errors: type[Exception]) -> Callable:
    """A refusal is an answer."""

    def reads(text: object) -> object:
        try:
            return read(text)
        except errors:
            return None

    return reads


def cookie_read(text: str) -> object:
    request = WEB.get("/", HTTP_COOKIE=text)
    CookiesMiddleware(lambda asked: asked.COOKIES)(request)
    return request.COOKIES


def language_read(text: str) -> object:
    return get_language_from_request(WEB.get("/", HTTP_ACCEPT_LANGUAGE=text))


def beside(before: str, after: str) -> Callable[[int], str]:
    """Half of one, half of the other: marks that have to change places."""
    return lambda n: "a" + before * (n // 2) + after * (n // 2)


READERS = (
    Reader("comparison of two versions", changes.TEXT_MOST, lambda text: comparing.compare(text, text[::-1]),
           repeated("ab ", "a\n", "春夏秋冬", "a slow push in on the red fox, "), counted=True),
    Reader("gaps of a template", changes.TEXT_MOST, lambda text: (wording.variables(text), wording.fill(text, {"a": "x"})),
           repeated("{{", "{{a ", "{{a}}", "{{a\t", "{{a-", "{")),
    Reader("spelling of a prompt", changes.TEXT_MOST, lambda text: (work.normalised(text), changes.folded(text)),
           (beside("\u0301", "\u0316"), beside("\u0f73", "\u0f71"), *repeated("e\u0301", " ", "가", "ß"))),
    Reader("address of a person", FIELD, email_addresses.fold, (beside("\u0301", "\u0316"), *repeated("@", "a.", "ß…@example.org", "\u3002"))),
    Reader("settings in a prompt", FIELD, lambda text: flags.lift_flags(INLINE, text),
           repeated("-", "--", "--dur ", "--dur 5 ", "—", "--dur 5:", "--seed -", "--a", "－", "--dur" + " " * 9)),
    Reader("mentions in a prompt", FIELD, lambda text: (mentions.find_mentions(text), mentions.renumber(text, {1: 2})),
           repeated("@image", "@image1", "@", "@image1234567890")),
    Reader("search words", FIELD, words.parse_terms, repeated('"', "-", '-"', "a ", '"a', "“")),
    Reader("rows of a batch", FIELD, table.read,
           (*repeated("prompt,", "\n", '"', "prompt\n", "a;", "prompt|", "x,1\n", "-|", "`"),
            lambda n: "prompt,seconds\n" + ("x,4\n" * n)[:n], lambda n: "a|b\n" + " " * n + "-x", lambda n: "prompt,seconds\n" + '"' * n,
            lambda n: "prompt,seconds\n" + ("a,b,c\n" * n)[:n])),
    Reader("bytes of a table", FIELD, tolerant(encodings.decode, encodings.Unsure, encodings.NoText),
           (*encoded("a", "é,", "猫\n", "é", by="utf-8"), *encoded("猫\n", "猫犬,", by="gb18030"), *encoded("é\n", "ü", by="cp1252"),
            *encoded("a\n", by="utf-16-le"), lambda n: b"PK\x03\x04" + b"x" * n, lambda n: b" " * n + b"<", lambda n: b"\x1b$B" * (n // 3))),
    Reader("cells of a file of ours", changes.TEXT_MOST, lambda text: cells.original(cells.harmless(text)),
           repeated("'", "\t", "'\t", "; ", '" ', ";'=", "=", ",\u3000")),
    Reader("names of columns and pictures", FIELD, lambda text: (columns.column(text), rows.normalized_name(text)),
           (beside("\u0301", "\u0316"), *repeated("(", "&#9", "a-", "\u200d", "（"))),
    Reader("file of templates", files.BYTES_MOST, tolerant(files._from_json, files.Unreadable),
           (*repeated("[", "[[],", '{"a":', '"\\u0041', "0", " "),
            lambda n: '{"templates":[' + "0," * (n // 2) + "0]}", lambda n: '{"templates":[' + '{"title":1},' * (n // 12) + "0]}",
            lambda n: '{"templates":[{"title":"x","versions":[' + '{"text":"y"},' * (n // 13) + '{"text":"z"}]}]}')),
    Reader("table of templates", files.BYTES_MOST, tolerant(lambda text: tables.read_table(text), tables.BadTable),
           repeated("title,text\n", '"a"\n', '"', "\t", "a|", "'=")),
    Reader("answer of a vendor", strict_json.MAX_BYTES, strict_json.read_object,
           (*encoded('{"a":', "[", '"', '"\\', '"a",', "{}", '\\"', "[1.5,"), lambda n: b'{"a":"' + b'\\"' * (n // 2),
            lambda n: json.dumps({str(k): k for k in range(n // 20)}).encode(), lambda n: b"[" * 65 + b'"' + b'\\"' * (n // 2))),
    Reader("words of a vendor", strict_json.MAX_BYTES,
           lambda text: (reading.clean_text(text), reading.page_text(text.encode()), faults.guess_kind(reading.clean_text(text)), reading.result_link(text),
                         reading.web_address(text), reading.task_id(text)),
           repeated("<", "bearer ", "sk_live_", "http://", "https://a/", "image risk ", "\x00", "real ", "http://[")),
    Reader("link of a vendor", 8000, tolerant(addresses.check_url, addresses.BlockedAddress),
           repeated("https://a/", "%", "a.", "[", "@", "//", ":1", "%0")),
    Reader("a line of the log", 100_000, lambda text: logs.visible(logs.redact(text)),
           repeated("bearer ", "dk-", "/p/", "/hooks/a/", "/hooks/a", "/accounts/", "\x00", "//p/")),
    Reader("support sheet", reading.MAX_TEXT, lambda text: support_report.without_key(text, "abcd"), repeated("a", "a.", "abcd-", "bearer ")),
    Reader("what a page watches", FIELD, live.read, repeated(",", "a,", "0" * 32 + ".1p1,", "0")),
    Reader("places in lists and numbers", FIELD, lambda text: (history.read_cursor(text), access.whole(text)),
           repeated("9", ".", "9.", "²")),
    Reader("cookies", HEADERS, cookie_read, repeated('a="\\a', "\\", "a=b;", ";", '"', 'a="\\073…"', "=")),
    Reader("languages of a browser", HEADER, language_read, repeated("a-", "de,", "de;q=0.", ",", "a" * 8 + "-")),
    Reader("ranges, tags and times", HEADER,
           lambda text: (serve.read_range(text, 10), parse_etags(text), retry_after.seconds(text, datetime.now(UTC), most=60)),
           repeated("bytes=0-", "9", '"', 'W/"', ",", "(", "1 Jan ", " ", "\\(")),
    Reader("one spelling of letters", changes.TEXT_MOST, spelling.nfc, (beside("\u0301", "\u0316"), *repeated("é", "가", "\u1100\u1161"))),
    Reader("name of a download", 255, serve.safe_name, (beside("\u0301", "\u0316"), *repeated(".", "/", "\u202e"))),
)  # fmt: skip
