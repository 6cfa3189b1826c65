"""Reads a table that is uploaded as a file. The result is its text, or the encodings a person has to choose
from, or why it cannot be read."""

import base64
import binascii
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from videos.spreadsheet import encodings

LIKELY_ENCODING = {"de": "cp1252", "zh-hans": "gb18030"}  # by the viewer's language
NAMES = {
    "gb18030": _("Chinese, simplified"),
    "big5hkscs": _("Chinese, traditional"),
    "cp932": _("Japanese"),
    "euc_jp": _("Japanese"),
    "iso2022_jp": _("Japanese"),
    "cp949": _("Korean"),
    "cp1252": _("Western European"),
    "mac_roman": _("Western European, from an old Mac"),
    "cp850": _("Western European, from DOS"),
    "cp1250": _("Central European"),
    "cp1251": _("Cyrillic"),
    "koi8_r": _("Cyrillic"),
    "cp1253": _("Greek"),
    "cp1254": _("Turkish"),
    "cp1257": _("Baltic"),
    "cp874": _("Thai"),
    "utf-16-le": _("Unicode (UTF-16)"),
    "utf-16-be": _("Unicode (UTF-16)"),
}
REFUSALS = {
    "workbook": _("%(name)s is a workbook (Excel). Save it as “CSV UTF-8” there, and bring that file."),
    "old_workbook": _("%(name)s is a workbook (an older Excel). Save it as “CSV UTF-8” there, and bring that file."),
    "opendocument": _("%(name)s is a workbook (OpenDocument). Save it as CSV in UTF-8 there, and bring that file."),
    "numbers": _("%(name)s is a workbook (Numbers). Export it as CSV in UTF-8 there, and bring that file."),
    "page": _("%(name)s is a web page, whatever its name says. Save the table as CSV, and bring that file."),
    "document": _("%(name)s is a document and no table. Save the table as CSV, and bring that file."),
    "": _("%(name)s cannot be read as text. Save the table as CSV in UTF-8, and bring that file."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnknownEncoding:
    """A file whose encoding a person has to choose. ``sent`` is its bytes in base64, as the form sends them
    back; each of ``readings`` is (encoding, its name, sample lines), the likeliest first."""

    name: str
    sent: str
    readings: tuple[tuple[str, str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class TableText:
    """One of the three is set; all are empty where no file was sent."""

    text: str | None = None
    unread: UnknownEncoding | None = None
    refused: str = ""


def read_upload(file: UploadedFile | None, data: QueryDict, most: int) -> TableText:
    """Reads the file, at most ``most`` bytes. Without a new file, ``data`` has the bytes of an earlier
    sending (``unread``, ``unread_name``); ``do=read`` reads them as ``encoding``, ``do=forget`` drops them.
    """
    if file is not None:
        return _read((file.name or "")[-120:], file.file.read(most + 1), most)
    sent, do = _bytes(data.get("unread", ""), most), data.get("do", "")
    if not sent or do == "forget":
        return TableText()
    found, encoding = _read(data.get("unread_name", "")[-120:], sent, most), data.get("encoding", "")
    offered = [one for one, _language, _lines in found.unread.readings] if found.unread else []
    return TableText(encodings.read_as(sent, encoding)) if do == "read" and encoding in offered else found


def _read(name: str, data: bytes, most: int) -> TableText:
    values = {"name": name, "limit_mb": most // 1_000_000}
    try:
        text = encodings.decode(data[:most], LIKELY_ENCODING.get(get_language() or "", ""))
        readings = ()
    except encodings.NoText as found:
        if found.kind or len(data) <= most:
            return TableText(refused=REFUSALS[found.kind] % values)
        text, readings = "", ()
    except encodings.Unsure as unsure:
        text, readings = "", unsure.readings
    if len(data) > most:
        return TableText(refused=gettext("%(name)s is larger than %(limit_mb)s MB.") % values)
    if not readings:
        return TableText(text)
    shown = tuple((one.encoding, str(NAMES[one.encoding]), one.lines) for one in readings)
    return TableText(unread=UnknownEncoding(name, base64.b64encode(data).decode(), shown))


def _bytes(sent: str, most: int) -> bytes:
    try:
        return base64.b64decode(sent[: most * 3 // 2], validate=True)[:most]
    except (binascii.Error, ValueError):
        return b""
