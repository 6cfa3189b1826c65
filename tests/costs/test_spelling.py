"""One spelling of letters, at a cost in step with their number; and cookies that cost nothing."""

import unicodedata

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from videos.accounts.cookies import CookiesMiddleware
from videos.spelling import nfc

MARKED = st.text(alphabet="aeou\u0301\u0316\u0f71\u0f73가\u1100\u1161é猫", max_size=30)


@given(MARKED | st.text(max_size=60))
def test_what_people_write_is_spelled_as_unicode_says(text):
    assert nfc(text) == unicodedata.normalize("NFC", text)


@given(MARKED, st.integers(31, 200))
def test_a_heap_of_marks_stays_as_it_came_and_what_stands_around_it_does_not(text, n):
    heap = "".join("\u0301\u0316"[k % 2] for k in range(n))
    assert nfc(f"e\u0301 {heap}{text} o\u0308").startswith(f"é {heap}") and nfc(f"{heap} o\u0308").endswith(
        "ö"
    )
    assert unicodedata.normalize("NFC", nfc(f"{heap}{text}")) == unicodedata.normalize("NFC", f"{heap}{text}")


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("a=1; b=2", {"a": "1", "b": "2"}),
        ('a=1; b="x\\073y"; c=3', {"a": "1", "c": "3"}),
        ('b="' + "\\a" * 400_000 + '"; c=3', {"c": "3"}),
        ("\\", {}),
        ("", {}),
    ],
)
def test_a_cookie_with_a_backslash_is_left_out_before_anybody_reads_it(sent, read):
    assert (
        CookiesMiddleware(lambda request: request.COOKIES)(RequestFactory().get("/", HTTP_COOKIE=sent))
        == read
    )


def test_it_stands_before_all_that_read_cookies(settings):
    names = [name.rpartition(".")[2] for name in settings.MIDDLEWARE]
    readers = ["SessionMiddleware", "CsrfViewMiddleware", "MessageMiddleware", "PreferencesMiddleware"]
    assert all(names.index("CookiesMiddleware") < names.index(name) for name in readers)
