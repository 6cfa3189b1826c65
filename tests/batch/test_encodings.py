"""Files that say how their characters are written, files that do not, and files that are no tables."""

import io
import random
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videos import tablefile
from videos.spreadsheet.encodings import OLD, NoText, Unsure, decode, read_as

OF = {
    "gb18030": "一只猫在打哈欠,8", "big5hkscs": "一隻貓在打呵欠,8", "cp932": "猫があくびをする,8", "euc_jp": "猫があくびをする,8",
    "iso2022_jp": "猫があくびをする,8", "cp949": "고양이가 하품한다,8", "cp1252": "Grüße vom Meer,8", "mac_roman": "Grüße vom Meer,8",
    "cp850": "Grüße vom Meer,8", "cp1250": "Příliš žluťoučký kůň,8", "cp1251": "Кошка зевает,8", "koi8_r": "Кошка зевает,8",
    "cp1253": "Η γάτα χασμουριέται,8", "cp1254": "Kedi esniyor ışığında,8", "cp1257": "Katė žiovauja,8",
    "cp874": "แมวหาว,8", "utf-16-le": "一只猫在打哈欠,8", "utf-16-be": "Grüße vom Meer,8",
}  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Co", "Cn")), min_size=1))
def test_unicode_that_says_what_it_is_is_read(encoding, text):
    assert decode(f"prompt,{text}".encode(encoding)) == f"prompt,{text}"


@pytest.mark.parametrize(("encoding", "line"), OF.items())
def test_an_old_encoding_is_never_taken_for_granted_and_is_among_the_readings(encoding, line):
    with pytest.raises(Unsure) as found:
        decode(f"prompt,seconds\r\n{line}\r\n".encode(encoding))
    assert line in [lines[0] for lines in (one.lines for one in found.value.readings)]
    assert len({one.lines for one in found.value.readings}) == len(found.value.readings) <= 8


@pytest.mark.parametrize(
    "encoding", ["gb18030", "big5hkscs", "cp932", "cp949", "cp1251", "cp1252", "utf-16-le", "utf-16-be"]
)
def test_the_usual_ones_come_first(encoding):
    with pytest.raises(Unsure) as found:
        decode(f"prompt,seconds\r\n{OF[encoding]}\r\n".encode(encoding), likely=encoding)
    assert found.value.readings[0].lines[0] == OF[encoding]


def test_each_reading_has_a_name():
    assert set(OF) == set(tablefile.NAMES) == {*OLD, "utf-16-le", "utf-16-be"}


def test_lines_are_shown_by_which_readings_differ():
    with pytest.raises(Unsure) as found:
        decode(("prompt\n" + "é\n" * 50 + "ğ ş ı\n").encode("cp1254"))
    assert ("é", "ğ ş ı") in [one.lines for one in found.value.readings]


@given(st.binary(max_size=200))
def test_no_bytes_are_read_as_what_they_are_not(data):
    """Text, a question or a refusal: never a character that stands for one that could not be read."""
    try:
        assert "\ufffd" not in decode(data)
    except Unsure as unsure:
        assert unsure.readings and all(read_as(data, one.encoding) for one in unsure.readings)
    except NoText:
        pass


@pytest.mark.parametrize(
    "data",
    [b"\xff\xfea", b"\xfe\xff\xd8\x00\x00a", b"\xef\xbb\xbfprompt\n\xe4", b"prompt\x01,\xe4", b"a\0b\0c", random.Random(29).randbytes(4000)],
)  # fmt: skip
def test_bytes_that_are_no_text_are_refused(data):
    with pytest.raises(NoText):
        decode(data)


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in names:
            file.writestr(
                name, "application/vnd.oasis.opendocument.spreadsheet" if name == "mimetype" else "x"
            )
    return out.getvalue()


FOREIGN = {
    "workbook": zipped("[Content_Types].xml", "xl/workbook.xml"),
    "opendocument": zipped("mimetype", "content.xml"),
    "numbers": zipped("Index/Document.iwa"),
    "document": zipped("word/document.xml"),
    "old_workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "page": b"<html><table><tr><td>prompt",
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_workbook_is_called_by_its_name(kind):
    with pytest.raises(NoText) as found:
        decode(FOREIGN[kind])
    assert found.value.kind == kind and "CSV" in str(tablefile.REFUSALS[kind])


def test_a_pdf_and_rich_text_are_no_tables():
    for data in (b"%PDF-1.7\n\xe4", rb"{\rtf1\ansi prompt}"):
        with pytest.raises(NoText) as found:
            decode(data)
        assert found.value.kind == "document"
