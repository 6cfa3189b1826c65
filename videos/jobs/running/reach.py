"""Tries whether a vendor can reach this studio, by a request to the studio's own public address.

The worker does it, never the page that asks, through the same guarded client that every call uses (no
private address, the certificate checked, no redirect followed), at a link that opens once.

What a success proves is no more than this: the name, the certificate, and whatever stands before the
studio lead back to it, from the machine the worker runs on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from videos import heartbeat, vault
from videos.jobs import queue
from videos.jobs.account import routes
from videos.jobs.running import ticker
from videos.models import Heartbeat, clock
from videos.models.heartbeats import REACH_DOOR
from videos.network import exchange
from videos.network.addresses import TRUST_NONE, Trusted
from videos.vendors.contract import Call

NAME = "reach"
TRY_AGAIN_AFTER = 10  # seconds between two tries, however often the button is pressed
KNOCK_DEADLINE = 15.0  # seconds for the whole request
NOBODY_TRIED_AFTER = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Reached:
    """The result of one try. ``verdict``: ``trying``, ``nobody_tried``, ``works``, ``not_set``,
    ``not_https``, ``private``, ``no_name``, ``no_answer``, ``tls`` or ``other_answer`` (with its HTTP ``status``)."""

    verdict: str
    url: str
    at: datetime
    status: int = 0


def request_try() -> bool:
    """Ask the worker to try. False where it was asked a moment ago."""
    return bool(ticker.once_in(TRY_AGAIN_AFTER, NAME, _send))


def _send() -> None:
    heartbeat.beat(NAME, verdict="trying", url=settings.PUBLIC_URL)
    queue.nudge_reach()


def last_result() -> Reached | None:
    """What the last try found; ``nobody_tried`` where no worker took it up within a minute."""
    beat = Heartbeat.objects.filter(name=NAME).first()
    if beat is None or beat.data.get("url") != settings.PUBLIC_URL:
        return None
    verdict = beat.data["verdict"]
    if verdict == "trying" and beat.at < clock.now() - NOBODY_TRIED_AFTER:
        verdict = "nobody_tried"
    return Reached(verdict, beat.data["url"], beat.at, beat.data.get("status", 0))


def try_now() -> None:
    """Try now, and write the verdict as a heartbeat. Called by the worker."""
    url = settings.PUBLIC_URL
    verdict, status = address_fault(url), 0
    if not verdict:
        verdict, status = knock(url, settings.TRUSTED_HOSTS)
    heartbeat.beat(NAME, verdict=verdict, url=url, status=status)


def address_fault(url: str) -> str:
    """The verdict that an address gets without a request; empty where it has to be tried."""
    if (urlsplit(url).hostname or "") in routes.LOCALHOST:
        return "not_set"
    if not url.startswith("https://"):
        return "not_https"
    return "" if routes.public_https(url) else "private"


def knock(url: str, trusted: Trusted = TRUST_NONE) -> tuple[str, int]:
    """Request the link that opens once; the verdict, and the HTTP status of an answer that was not ours."""
    token, link_hash = vault.mint()
    answer, _hash = vault.mint()
    heartbeat.beat(REACH_DOOR, link_hash=link_hash, answer=answer)
    call = Call("GET", reverse("reach", args=[token]))
    try:
        # exchange.send requires a key; no real one is used for this.
        reply = exchange.send(call, base_url=url, key="none", trusted=trusted, deadline=KNOCK_DEADLINE)
    except exchange.NotSent as error:
        return _not_sent(error.reason), 0
    except exchange.Lost:
        return "no_answer", 0
    finally:
        Heartbeat.objects.filter(name=REACH_DOOR, data__link_hash=link_hash).delete()
    if reply.status == 200 and reply.body.strip() == answer.encode():
        return "works", 0
    return "other_answer", reply.status


def _not_sent(reason: str) -> str:
    if reason.startswith("blocked:"):
        return "private"
    return {"dns": "no_name", "tls": "tls"}.get(reason, "no_answer")
