"""A studio that runs is started again with another STUDIO_SECRET_KEY, twice."""

import re
import time
from pathlib import Path

import httpx
import pytest

from tests.stack import Stack

pytestmark = pytest.mark.long
PASSWORD = "a quiet harbour"


def press(studio: Stack, prompt: str) -> None:
    studio.manage(
        "generate", "--team", "North", "--model", "defapi/seedance-2.0", "--prompt", prompt, "--rehearsal"
    )


def sign_in(browser: httpx.Client) -> int:
    page = browser.get("/accounts/login/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)[1]
    form = {"login": "dora@example.com", "password": PASSWORD, "csrfmiddlewaretoken": token}
    return browser.post("/accounts/login/", data=form).status_code


def made(browser: httpx.Client, count: int) -> None:
    deadline = time.monotonic() + 90
    while browser.get("/t/north/").text.count('data-state="ready"') < count:
        assert time.monotonic() < deadline
        time.sleep(0.3)


def test_what_was_pressed_before_is_made_after_and_nobody_meets_a_broken_page(tmp_path: Path):
    with Stack(tmp_path) as studio:
        studio.manage(
            "createteam", "North", "--owner", "dora@example.com", "--password-stdin", input=PASSWORD + "\n"
        )
        studio.manage("addkey", "defapi", "--team", "North", "--rehearsal", input="rehearsal-key-of-north\n")
        with httpx.Client(base_url=studio.base_url, timeout=20) as browser:
            assert sign_in(browser) == 302
            studio.stop("worker")
            press(studio, "Pressed under the first key")
            old = studio.env["STUDIO_SECRET_KEY"]
            studio.env |= {"STUDIO_SECRET_KEY": "the second key " * 4, "STUDIO_SECRET_KEY_FALLBACKS": old}
            studio.restart("web")
            studio.start("worker")
            assert browser.get("/me/").status_code == 200
            made(browser, 1)

            studio.stop("worker")
            press(studio, "Pressed under the second key")
            studio.env |= {"STUDIO_SECRET_KEY": "the third key " * 4, "STUDIO_SECRET_KEY_FALLBACKS": ""}
            studio.restart("web")
            studio.start("worker")
            away = browser.get("/me/")
            assert away.status_code == 302 and away.headers["Location"].startswith("/accounts/login/")
            assert sign_in(browser) == 302
            made(browser, 2)
        assert "Internal Server Error" not in studio.log("web") and "Traceback" not in studio.log("web")
