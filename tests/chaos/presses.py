"""People who press the button and press it again when nothing comes back, as a browser does:
the same form, so the same token."""

import http.client
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from tests.chaos.dialects import DIALECTS
from tests.chaos.house import FORGERY, House

HANDS = 4


@dataclass(frozen=True, slots=True)
class Wish:
    """One press of a run. ``token`` and ``prompt`` are its alone."""

    team: int
    model: str
    token: str
    prompt: str


def wishes(count: int, teams: int, seed: int) -> list[Wish]:
    return [
        Wish(n // len(DIALECTS) % teams, DIALECTS[n % len(DIALECTS)].model, f"chaos-{seed}-{n}", f"Chaos number {n}")
        for n in range(count)
    ]  # fmt: skip


@dataclass
class Presses:
    """Presses ``wishes`` over ``seconds``; ``accepted`` are tokens for which the studio said yes."""

    house: House
    wishes: list[Wish]
    seconds: float
    accepted: set[str] = field(default_factory=set)
    again: int = 0
    refused: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Presses":
        self._began, self._left = time.monotonic(), list(enumerate(self.wishes))[::-1]
        self._hands = [threading.Thread(target=self.work, daemon=True) for _n in range(HANDS)]
        for hand in self._hands:
            hand.start()
        return self

    def __exit__(self, *_) -> None:
        self.over.set()
        for hand in self._hands:
            hand.join(60)

    @property
    def done(self) -> bool:
        return len(self.accepted) + len(self.refused) == len(self.wishes)

    def work(self) -> None:
        while self._left and not self.over.is_set():
            try:
                n, wish = self._left.pop()
            except IndexError:
                return
            wait = self._began + n * self.seconds / len(self.wishes) - time.monotonic()
            self.over.wait(max(0.0, wait))
            while not self.over.is_set() and not self.settled(wish):
                self.again += 1
                self.over.wait(0.3)

    def settled(self, wish: Wish) -> bool:
        """False: nobody answered, or only that it broke."""
        try:
            status, body = post(self.house, wish)
        except (OSError, http.client.HTTPException):
            return False
        if status == 303:
            self.accepted.add(wish.token)
        elif status < 500:
            self.refused.append(f"{wish.token}: {status} {body[:2000]}")
        return status < 500


def post(house: House, wish: Wish, patience: float = 40) -> tuple[int, str]:
    """Status and body of one press."""
    form = {
        "csrfmiddlewaretoken": FORGERY,
        "client_token": wish.token,
        "model": wish.model,
        "prompt": wish.prompt,
    }
    return ask(house, f"/t/unit-{wish.team}/generations/", form, patience=patience)[:2]


def fetch_again(house: House) -> int:
    """The press that the card of a film offers which could not be fetched: here because three of
    its downloaders were killed (F19). How many there were."""
    given_up = house.rows("""
        SELECT team.slug, job.public_id FROM videos_job job JOIN videos_team team ON team.id = job.team_id
        WHERE job.state = 'download_failed'
    """)
    for team, clip in given_up:
        path = f"/t/{team}/clips/{UUID(str(clip))}/look/"
        status, body, _headers = ask(house, path, {"csrfmiddlewaretoken": FORGERY})
        assert status in (302, 303), f"{status} {body[:2000]}"
    return len(given_up)


def ask(
    house: House, path: str, form: dict | None = None, patience: float = 40, **headers: str
) -> tuple[int, str, http.client.HTTPMessage]:
    """Status, body and headers of one request by somebody who is signed in."""
    connection = http.client.HTTPConnection(urlsplit(house.base_url).netloc, timeout=patience)
    said = {"Cookie": house.cookies} | {name.replace("_", "-"): value for name, value in headers.items()}
    if form is not None:
        said["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        connection.request(
            "GET" if form is None else "POST", path, urlencode(form) if form is not None else None, said
        )
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace"), answer.headers
    finally:
        connection.close()
