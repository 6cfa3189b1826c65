"""What is asked of a studio itself and through nginx, and how the answers are compared."""

import http.client
import re
import ssl
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.cast import PASSWORD
from tests.stack import Stack

NAME = "studio.example"
FORM = "application/x-www-form-urlencoded"
# Each hop says these for itself, or they differ from answer to answer.
OWN = {"date", "expires", "server", "connection", "transfer-encoding", "keep-alive", "x-request-id"}


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    cookies: list[str]
    body: bytes

    def told(self) -> tuple:
        """What must be the same on every way. Secrets in a page differ and are as long as each other."""
        exact = "text/html" not in self.headers.get("content-type", "")
        return (
            self.status,
            {name: in_order(name, value) for name, value in self.headers.items() if name not in OWN},
            [re.sub(r"^([^=]*)=[^;]*|(expires)=[^;]*", r"\1\2", cookie) for cookie in self.cookies],
            self.body if exact else len(self.body),
        )


def in_order(name: str, value: str) -> str:
    """Each process writes the rules of a policy in an order of its own."""
    return "; ".join(sorted(value.split("; "))) if name == "content-security-policy" else value


def read(
    line: http.client.HTTPConnection, method: str, path: str, headers: dict, body: bytes | None
) -> Answer:
    """Headers that come twice would be two answers to one question: the test fails."""
    line.request(method, path, body, headers)
    reply = line.getresponse()
    names = [name.lower() for name, _value in reply.getheaders() if name.lower() != "set-cookie"]
    assert len(names) == len(set(names)), (path, sorted(names))
    found = {name.lower(): value for name, value in reply.getheaders() if name.lower() != "set-cookie"}
    answer = Answer(reply.status, found, reply.headers.get_all("Set-Cookie") or [], reply.read())
    line.close()
    return answer


@dataclass
class Front:
    stack: Stack
    plain: int
    tls: int
    clip: str = ""
    long: str = ""
    cookie: str = ""

    @property
    def host(self) -> str:
        return f"{NAME}:{self.tls}"

    def bare(self, method: str, path: str, headers: dict, body: bytes | None = None) -> Answer:
        """Asked of the studio itself, as nginx asks it."""
        line = http.client.HTTPConnection("127.0.0.1", int(self.stack.env["STUDIO_PORT"]), timeout=20)
        hop = {"Host": self.host, "X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https"}
        return read(line, method, path, hop | headers, body)

    def through(self, method: str, path: str, headers: dict, body: bytes | None = None) -> Answer:
        line = http.client.HTTPSConnection(
            "127.0.0.1", self.tls, timeout=20, context=ssl._create_unverified_context()
        )
        return read(line, method, path, {"Host": self.host} | headers, body)

    def settle(self) -> None:
        """Nobody works here, and a few seconds after its start each web process says so on every page."""
        in_a_row = 0
        while in_a_row < 20:
            in_a_row = in_a_row + 1 if self.bare("GET", "/healthz/ready", {}).status == 503 else 0
            time.sleep(0.2)

    def sign_in(self) -> None:
        """By the form, through nginx: as a browser, with its cookies and its origin."""
        page = self.through("GET", "/accounts/login/", {})
        secret = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page.body)[1].decode()
        jar = "; ".join(cookie.partition(";")[0] for cookie in page.cookies)
        form = {"login": "alice@example.com", "password": PASSWORD, "csrfmiddlewaretoken": secret}
        headers = {"Cookie": jar, "Origin": f"https://{self.host}", "Content-Type": FORM}
        inside = self.through("POST", "/accounts/login/", headers, urlencode(form).encode())
        assert inside.status == 302, inside.body[:500]
        self.cookie = "; ".join(cookie.partition(";")[0] for cookie in inside.cookies)
