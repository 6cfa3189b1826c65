"""A whole studio beside a mail server that is silent, and one whose senders die."""

import re
import time
from pathlib import Path

import httpx
import pytest

from tests.letters.mailserver import MailServer
from tests.stack import Stack

pytestmark = pytest.mark.long
DORA = "dora@example.com"


@pytest.fixture
def server():
    with MailServer() as server:
        yield server


@pytest.fixture
def studio(server, tmp_path: Path):
    mail = {"EMAIL_URL": f"smtp://127.0.0.1:{server.port}", "STUDIO_EMAIL_FROM": "studio@example.com"}
    with Stack(tmp_path, mail) as studio:
        studio.manage("createteam", "North", "--owner", DORA, "--password-stdin", input="a quiet harbour\n")
        yield studio


def ask_reset(studio: Stack) -> float:
    """Seconds until the page says that a letter is on its way, whatever the port of the Host header."""
    with httpx.Client(base_url=studio.base_url, timeout=20) as browser:
        page = browser.get("/accounts/password/reset/")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)[1]
        began = time.monotonic()
        form = {"email": DORA, "csrfmiddlewaretoken": token}
        answer = browser.post("/accounts/password/reset/", data=form, headers={"Host": "127.0.0.1:6666"})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/password/reset/done/")
        return time.monotonic() - began


def until(condition, patience: float = 60) -> None:
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_silent_mail_server_holds_no_page_and_gets_the_letters_when_it_speaks(studio, server):
    server.manner = "silent"
    assert max(ask_reset(studio) for _ in range(4)) < 5
    until(lambda: server.calls >= 2)
    assert "wait, the oldest since" in studio.manage("letters")
    said = httpx.get(f"{studio.base_url}/accounts/password/reset/done/").text
    assert "takes no letters just now" in said
    server.manner = "takes"
    until(lambda: len(server.letters) == 4)
    until(lambda: "No letter waits." in studio.manage("letters"))
    assert len({letter["Message-ID"] for letter in server.letters}) == 4
    for letter in server.letters:
        assert f"{studio.base_url}/accounts/password/reset/key/" in letter.get_payload()
        assert "6666" not in letter.get_payload()
    log = studio.log("worker")
    assert "silent" in log and DORA not in log and "reset/key" not in log


def test_a_worker_that_dies_after_the_servers_yes_sends_one_letter_twice_and_no_third_time(studio, server):
    server.manner = "kills"
    ask_reset(studio)
    until(lambda: len(server.letters) == 2, patience=120)
    one, again = server.letters
    assert one["Message-ID"] == again["Message-ID"] and one.get_payload() == again.get_payload()
    until(lambda: "No letter waits." in studio.manage("letters"))
    ask_reset(studio)
    until(lambda: len(server.letters) == 3)
    assert server.letters[2]["Message-ID"] != one["Message-ID"]
