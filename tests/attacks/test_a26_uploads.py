"""A26: uploads that are too big, too many, or cut short. (What a picture may contain is attacked
in tests/uploads, what a film may in tests/media.)"""

import html
import io
import random

import pytest
from django.conf import settings
from django.core.files import uploadhandler
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.template.defaultfilters import filesizeformat
from django.test import RequestFactory
from django.urls import reverse
from PIL import Image

from tests.attacks.doors import DOORS
from tests.attacks.house import PRESSED, everything
from tests.pages.pictures import a_file, png
from videos.accounts.lengths import BYTES_WITH_FILES, allowed
from videos.models import Upload, User
from videos.uploads.pictures import MAX_BYTES

pytestmark = pytest.mark.django_db
BRING, PRESS = "/t/northlight/uploads/", "/t/northlight/generations/"


def stored() -> set[str]:
    return {str(path) for path in settings.MEDIA.rglob("*") if path.is_file()}


def noise(megabytes: int) -> bytes:
    """A file that begins as a PNG does and goes on as long as it likes."""
    return png(2) + random.Random(1).randbytes(megabytes * 1_000_000)


def test_a26_a_picture_is_read_up_to_its_limit(house):
    maker, before, files = house.client("maker"), everything(), stored()
    answer = maker.post(BRING, {"file": a_file(2, data=noise(MAX_BYTES // 1_000_000 + 1))})
    assert answer.status_code == 422 and "30 MB" in answer.json()["error"]
    assert everything() == before and stored() == files


def test_a26_more_files_than_any_form_has_are_refused(house):
    maker, before, there = house.client("maker"), everything(), stored()
    answer = maker.post(
        PRESS, PRESSED | {"file.reference": [a_file(1, f"{n}.png", b"x") for n in range(5001)]}
    )
    assert answer.status_code == 413 and "may bring 5000 files" in answer.text
    assert everything() == before and stored() == there


def test_a26_of_more_files_than_are_taken_few_are_opened(house, monkeypatch):
    opened = []
    monkeypatch.setattr(
        uploadhandler, "TemporaryUploadedFile", lambda *of: opened.append(of) or TemporaryUploadedFile(*of)
    )
    many = [a_file(1, f"{n}.png", bytes(30_000)) for n in range(100)]
    answer = house.client("maker").post(PRESS, PRESSED | {"file.reference": many})
    assert answer.status_code == 422 and len(opened) == settings.FILES_AT_ONCE + 1
    assert not Upload.objects.filter(name="99.png").exists()


class Unread(io.BytesIO):
    """A body that nobody may look at."""

    def read(self, *args):
        raise AssertionError("it was read")

    readline = read


SMALL, WORDS, ONE, MANY = 256_000, 5_000_000, 100_000_000, 1_000_000_000
# Who may send how much where.
MOST = {
    BRING: {"maker": ONE, "viewer": WORDS, "reviewer": WORDS, "stranger": WORDS, "removed": WORDS},
    PRESS: {"maker": MANY, "viewer": WORDS, "removed": WORDS},
    "/t/northlight/draft/": {"maker": MANY, "viewer": WORDS},
    "/t/northlight/batch/": {"maker": MANY, "viewer": WORDS},
    "/t/northlight/templates/new/": {"maker": WORDS},
    "/t/northlight/members/": {"owner": SMALL},
    "/accounts/login/": {"maker": SMALL},
    "/look/": {"maker": SMALL},
    "/nowhere/": {"maker": SMALL},
}


@pytest.mark.parametrize("url", MOST)
def test_a26_a_body_that_is_too_long_is_refused_unread(house, url):
    """By the address, and by who asks: no byte is laid down of what somebody may not send."""
    for who, most in {**MOST[url], "anonymous": SMALL}.items():
        client = house.client(who, enforce_csrf_checks=True)
        for length in (most + 1, 10_000_000_000, 10**30):
            answer = client.generic(
                "POST", url, CONTENT_TYPE="multipart/form-data; boundary=zq9",
                **{"wsgi.input": Unread(), "CONTENT_LENGTH": str(length)},
            )  # fmt: skip
            assert answer.status_code == 413 and filesizeformat(most) in html.unescape(answer.text), (
                who,
                length,
            )


def test_a26_a_page_that_speaks_json_is_answered_in_json(house):
    answer = house.client("maker").generic(
        "POST", BRING, CONTENT_TYPE="multipart/form-data; boundary=zq9", headers={"Accept": "application/json"},
        **{"wsgi.input": Unread(), "CONTENT_LENGTH": "100000001"},
    )  # fmt: skip
    assert answer.status_code == 413 and "One sending may have" in answer.json()["error"]


@pytest.mark.parametrize("who", ["anonymous", "stranger", "removed", "viewer", "reviewer"])
def test_a26_who_may_bring_nothing_lays_nothing_down(house, who, monkeypatch):
    opened = laid_down(monkeypatch)
    sent = PRESSED | {"file": a_file(2, data=noise(2)), "file.reference": a_file(2, data=noise(2))}
    for url in (
        BRING,
        PRESS,
        "/t/northlight/draft/",
        "/t/northlight/batch/",
        "/t/northlight/templates/import/",
    ):
        assert house.client(who).post(url, sent).status_code in (302, 403, 404, 413), url
    assert opened == []


def test_a26_no_other_address_takes_files(house):
    for name, door in DOORS.items():
        request = RequestFactory().post(door.url(name, house.ours), {"file": a_file(2)})
        request.user = house.people["owner"]
        most, files = allowed(request)
        assert files == (name in BYTES_WITH_FILES) and most <= BYTES_WITH_FILES.get(name, WORDS), name


def test_a26_a_file_where_none_is_taken_is_read_past_and_the_words_arrive(house):
    words = {"theme": "dark", "file": a_file(2, data=bytes(100_000))}
    house.client("maker").post("/me/", words)
    assert User.objects.get(pk=house.people["maker"].pk).theme == "dark"


def laid_down(monkeypatch) -> list:
    opened = []
    monkeypatch.setattr(
        uploadhandler, "TemporaryUploadedFile", lambda *of: opened.append(of) or TemporaryUploadedFile(*of)
    )
    return opened


def test_a26_nor_does_one_without_a_length_come_in(house):
    answer = house.client("maker").post(BRING, {"file": a_file(2)}, headers={"Transfer-Encoding": "chunked"})
    assert answer.status_code == 411 and not Upload.objects.filter(name="x.png").exists()


def test_a26_of_a_file_that_is_too_long_little_more_than_any_may_have_is_laid_down(
    house, settings, monkeypatch
):
    laid = []

    class Watched(TemporaryUploadedFile):
        def write(self, data):
            laid.append(len(data))
            return self.file.write(data)

    settings.FILE_BYTES = 200_000
    monkeypatch.setattr(uploadhandler, "TemporaryUploadedFile", Watched)
    house.client("maker").post(BRING, {"file": a_file(2, data=noise(3))})
    assert 200_000 < sum(laid) < 400_000


@pytest.mark.parametrize("fields", [1001, 10_000])
def test_a26_more_fields_than_any_form_has_are_refused(house, fields):
    maker, before = house.client("maker"), everything()
    many = {f"option.{n}": "1" for n in range(fields)}
    assert maker.post(PRESS, PRESSED | many).status_code == 413
    assert everything() == before


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.99])
def test_a26_a_body_that_ends_too_early_changes_nothing(house, keep):
    """A client that goes away, or falls silent: the server hangs up then (test_a26_silence.py)."""
    body = (
        b'--zq9\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
        + png(2) + b"\r\n--zq9--\r\n"
    )  # fmt: skip
    before, there = everything(), stored()
    answer = house.client("maker").generic(
        "POST", BRING, body[: int(len(body) * keep * 0.9)], "multipart/form-data; boundary=zq9"
    )
    assert answer.status_code in (400, 422)
    assert everything() == before and stored() == there


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\x00",
        "text/plain",
        "application/json",
        "nonsense",
    ],
)
def test_a26_what_is_no_form_is_no_upload(house, content_type):
    before = everything()
    answer = house.client("maker").generic("POST", BRING, b"--\r\n\r\nx", content_type)
    assert answer.status_code in (400, 422) and everything() == before


def test_a26_the_same_picture_a_hundred_times_is_kept_once(house):
    maker = house.client("maker")
    numbers = {maker.post(BRING, {"file": a_file(3, f"{n}.png")}).json()["id"] for n in range(10)}
    assert len(numbers) == 1 and Upload.objects.filter(pk__in=numbers).count() == 1


NAMES = (
    "../../../etc/passwd", "..\\..\\x.png", "/etc/passwd", "C:\\x.png", "a\x00b.png", "%2e%2e%2fx", "x" * 800, "&#46;&#46;/x",
    "\u202egnp.exe", "x.png\ttab", "con", "*?<>|",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a26_a_file_is_kept_under_a_name_of_ours(house, name):
    body = (
        f'--zq9\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: image/png\r\n\r\n'.encode()
        + png(3) + b"\r\n--zq9--\r\n"
    )  # fmt: skip
    maker = house.client("maker")
    answer = maker.generic("POST", BRING, body, "multipart/form-data; boundary=zq9")
    upload = Upload.objects.get(pk=answer.json()["id"])
    assert upload.file.rpartition("/")[2] == f"{upload.sha256}.png" and ".." not in upload.file
    assert upload.name.isprintable() and "/" not in upload.name and 0 < len(upload.name) <= 120
    assert maker.get(reverse("upload_file", args=["northlight", upload.pk])).status_code == 200


def test_a26_what_is_kept_was_written_here(house):
    """Position, profile and whatever rides along behind the picture are gone."""
    picture = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "zq9 a secret place"
    Image.new("RGB", (640, 480), "teal").save(picture, "JPEG", exif=exif, comment=b"zq9")
    sent = picture.getvalue() + b"<html>zq9<script>alert(1)</script>"
    number = house.client("maker").post(BRING, {"file": a_file(1, "x.jpg", sent)}).json()["id"]
    kept = b"".join(
        house.client("maker").get(reverse("upload_file", args=["northlight", number])).streaming_content
    )
    assert b"zq9" not in kept and b"<html" not in kept
