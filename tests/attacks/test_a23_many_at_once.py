"""A23: many large files at the same moment, to a server of two processes, beside its workers."""

import io
import os
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import psutil
import pytest
from PIL import Image

from tests.stack import Stack

pytestmark = pytest.mark.long
PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with Stack(tmp_path_factory.mktemp("a23")) as stack:
        stack.manage(
            "createteam", "Northlight", "--owner", "olive@example.com", "--password-stdin", input=PASSWORD
        )
        yield stack


@pytest.fixture
def owner(house):
    """A browser that is signed in, and the token of its forms."""
    with httpx.Client(base_url=house.base_url, follow_redirects=True, timeout=120) as client:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get("/accounts/login/").text)[1]
        form = {"login": "olive@example.com", "password": PASSWORD, "csrfmiddlewaretoken": token}
        assert client.post("/accounts/login/", data=form).status_code == 200
        page = client.get("/t/northlight/").text
        yield client, re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]


def large(n: int) -> bytes:
    """40 megapixels in less than 200 kB. A little different each time."""
    picture, out = Image.new("RGB", (8000, 5000), "teal"), io.BytesIO()
    picture.putpixel((n, n), (255, 0, 0))
    picture.save(out, "PNG")
    return out.getvalue()


class Peak:
    """The most memory that a process and all below it had at once, as far as it was theirs alone."""

    def __init__(self, pid: int):
        self.most, self._over, self._root = 0, threading.Event(), psutil.Process(pid)

    def __enter__(self) -> "Peak":
        self._watch = threading.Thread(target=self._look)
        self._watch.start()
        return self

    def __exit__(self, *_) -> None:
        self._over.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._over.wait(0.05):
            now = 0
            for one in [self._root, *self._root.children(recursive=True)]:
                try:
                    now += one.memory_full_info().uss
                except psutil.Error:
                    continue
            self.most = max(self.most, now)


def bring(owner, name: str, data: bytes) -> httpx.Response:
    """As the page does: what had no place yet is sent again when it was told to."""
    client, token = owner
    ends = time.monotonic() + 110
    while True:
        answer = client.post(
            "/t/northlight/uploads/",
            data={"csrfmiddlewaretoken": token},
            files={"file": (name, data, "image/png")},
            headers={"Accept": "application/json", "Referer": str(client.base_url)},
        )
        if answer.status_code != 503 or time.monotonic() > ends:
            return answer
        assert "opens a few files at a time" in answer.json()["error"]
        time.sleep(float(answer.headers["Retry-After"]))


def test_a23_ten_large_pictures_at_once_stay_within_the_memory_that_is_set(house, owner):
    pictures = [large(n) for n in range(10)]
    with Peak(house.pid("web")) as peak, ThreadPoolExecutor(11) as hands:
        sent = [hands.submit(bring, owner, f"{n}.png", data) for n, data in enumerate(pictures)]
        waits = []
        while not all(one.done() for one in sent):
            began = time.monotonic()
            assert owner[0].get("/healthz/live").status_code == 200
            waits.append(time.monotonic() - began)
            time.sleep(0.2)
        answers = [one.result() for one in sent]
    assert [answer.status_code for answer in answers] == [200] * 10
    assert len({answer.json()["id"] for answer in answers}) == 10
    assert peak.most < (2 << 30) + 700_000_000, peak.most  # what is set, and the servers themselves
    assert max(waits) < 5


def test_a23_eight_files_of_31_mb_at_once_are_refused_one_by_one_and_leave_nothing(house, owner):
    data = b"\x89PNG\r\n\x1a\n" + os.urandom(31_000_000)
    with Peak(house.pid("web")) as peak, ThreadPoolExecutor(8) as hands:
        answers = list(hands.map(lambda n: bring(owner, f"{n}.png", data), range(8)))
    assert [answer.json()["error"] for answer in answers] == [
        f"{n}.png is larger than 30 MB." for n in range(8)
    ]
    assert not list((house.data / "media/parts").iterdir())
    assert peak.most < 1 << 30
