"""Letters go to the mail server one after another, in one worker at a time (a lease).

A try is written down, with the time of the next one, before it is made. So a worker that dies
between the mail server's yes and the end of the row sends that letter once more, under the same
Message-ID: at least once, and twice only after such a death or a lost answer. A letter that nobody took for a day, or that the
server refuses for good, is given up: its words are deleted, and the log says so."""

import contextlib
import logging
import time
from datetime import timedelta

from django.conf import settings
from django.core.mail import get_connection
from django.db.models import QuerySet

from videos import heartbeat, leases
from videos.letters import outbox
from videos.letters.mail_errors import CUT_SHORT, OF_THE_SERVER, REJECTED, kind_of
from videos.models import Heartbeat, Letter, clock
from videos.models.heartbeats import LETTERS

log = logging.getLogger(__name__)

LEASE = "letters"
# Seconds until the next try: of a server that starts again, of one that is repaired, of one that asks
# strangers to come back (greylisting).
PAUSES = (60, 120, 300, 900, 1800, 3600)
KEPT_FOR = timedelta(days=1)  # a link in a letter works for three
REMEMBERED_FOR = timedelta(days=7)  # that a letter was given up


def due() -> QuerySet[Letter]:
    return Letter.objects.filter(next_at__lte=clock.now())


def send_due(owner: str) -> int:
    """How many letters the mail server took."""
    lasts = settings.DURATIONS["letters_lease"]
    if not leases.take(LEASE, owner, lasts):
        return 0
    sent, ends = 0, time.monotonic() + settings.DURATIONS["letters_run"]
    try:
        _give_up(Letter.objects.filter(next_at__isnull=False, created_at__lt=clock.now() - KEPT_FOR))
        # The least tried first: one that a server always stumbles over holds up no other.
        for letter in list(due().order_by("tries", "pk")):
            if time.monotonic() > ends or not leases.renew(LEASE, owner, lasts):
                break
            trouble = _try(letter)
            if trouble in OF_THE_SERVER:
                break
            sent += trouble == ""
    finally:
        leases.give_back(LEASE, owner)
    return sent


def _try(letter: Letter) -> str:
    """What came of one try (``trouble.py``); empty when the server took the letter."""
    again = clock.now() + timedelta(seconds=PAUSES[min(letter.tries, len(PAUSES) - 1)] / settings.TIME_SCALE)
    mine = Letter.objects.filter(pk=letter.pk, tries=letter.tries, next_at=letter.next_at)
    if not mine.update(tries=letter.tries + 1, next_at=again, trouble=CUT_SHORT):
        return "gone"  # somebody else tries it
    if letter.trouble == CUT_SHORT:
        log.warning(
            "the last try of letter %s did not end: the worker died, or the server took too long",
            letter.message_id,
        )
        _takes_nothing(CUT_SHORT)
    server = get_connection(settings.LETTERS_BACKEND)
    try:
        server.open()
        outbox.opened(letter, server).send()
    except Exception as error:  # noqa: BLE001 - whatever a mail server does ends one try, and nothing else
        _note(letter, kind_of(error), error)
        return kind_of(error)
    finally:
        with contextlib.suppress(
            Exception
        ):  # it was taken: a server that does not say goodbye changes nothing
            server.close()
    Letter.objects.filter(pk=letter.pk).delete()
    heartbeat.beat(LETTERS, trouble="")
    return ""


def _note(letter: Letter, trouble: str, error: Exception) -> None:
    # By kind: what a mail server says may repeat an address, and sometimes the words.
    log.warning("letter %s was not taken: %s (%s)", letter.message_id, trouble, type(error).__name__)
    Letter.objects.filter(pk=letter.pk).update(trouble=trouble)
    if trouble == REJECTED:
        _give_up(Letter.objects.filter(pk=letter.pk))
    if trouble in OF_THE_SERVER:
        # The others would wait as long for the same answer: they wait for the next try of this one.
        due().update(next_at=Letter.objects.get(pk=letter.pk).next_at)
        _takes_nothing(trouble)


def _takes_nothing(trouble: str) -> None:
    """Told on every page (``alive.signs``), until a letter is taken."""
    before = Heartbeat.objects.filter(name=LETTERS).values_list("data", flat=True).first() or {}
    since = before.get("since") or clock.now().isoformat()
    heartbeat.beat(LETTERS, trouble=trouble, since=since)


def _give_up(letters: QuerySet[Letter]) -> None:
    """No further try. Its words are deleted now, its row after a week (``forget_old``)."""
    for message_id, trouble in letters.values_list("message_id", "trouble"):
        log.error("letter %s is given up, nobody will get it: %s", message_id, trouble or "it is too old")
    letters.update(sealed=b"", next_at=None)


def forget_old() -> None:
    Letter.objects.filter(next_at=None, created_at__lt=clock.now() - REMEMBERED_FOR).delete()
