"""The life of one generation, as a table. PURE: nothing of Django, no clock.

Rules, from which the table follows:

1. A row exists for every press of the button before anything is sent.
2. A paid request leaves at most once per attempt. From SUBMITTING there is a way
   back to QUEUED only when it surely never arrived, or was refused before acting.
3. What nobody knows is UNKNOWN. It leaves that state by proof (the vendor confirms
   a task id) or by a person's word, never by a timer. In a restored studio that is
   true of every job that waited to be sent when the backup was taken.
4. Our deadline is no verdict: EXPIRED and LOST still accept a late success. So does a job
   whose vendor said that it failed and then has the film after all.
5. SUCCEEDED means stored here: checked and playable, or, where this studio cannot open what
   came, kept as it came (Job.kind is ``unchecked``). Only such a job leaves it, by a person's
   word, and what is stored stays until something better has come.
6. FAILED and CANCELED are ends of what was asked for. A second try is a new job.
7. What was made elsewhere is IMPORTED in the transaction that makes its row: no worker
   ever sees it QUEUED, and it holds no request that could be sent.

People never read these words: videos/words.py says them.
"""

from enum import StrEnum


class State(StrEnum):
    QUEUED = "queued"
    SUBMITTING = "submitting"
    UNKNOWN = "unknown"
    RUNNING = "running"
    DOWNLOADING = "downloading"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"
    EXPIRED = "expired"
    LOST = "lost"
    DOWNLOAD_FAILED = "download_failed"


class Event(StrEnum):
    CANCEL = "cancel"  # a person, before anything was sent
    CLAIM = "claim"  # a worker is about to send
    ACCEPTED = "accepted"  # the vendor answered with a task id
    NOT_SENT = "not_sent"  # surely did not arrive, or 429
    REFUSED = "refused"  # a documented refusal of the submit
    UNREACHABLE = "unreachable"  # NOT_SENT too often
    NO_ANSWER = "no_answer"  # sent, outcome unknown
    REPLAY = "replay"  # same key, same bytes, where the vendor honours it
    CONFIRMED = "confirmed"  # a hint or a pasted id that the vendor confirmed
    TRY_AGAIN = "try_again"  # a person: may be charged twice
    GIVE_UP = "give_up"  # a person
    MADE = "made"  # success word and an address
    VERDICT = "verdict"  # the vendor says it failed
    OVERDUE = "overdue"  # our own deadline
    FORGOTTEN = "forgotten"  # the vendor knows it no longer
    STORED = "stored"  # every output that can be had is ours
    DEAD_LINK = "dead_link"  # nothing of it can be fetched any more
    FETCH_AGAIN = (
        "fetch_again"  # a person re-runs the download; of a success, when its file is missing or unchecked
    )
    LATE_ANSWER = "heard"  # of a request that was written off, before the next one was sent
    PARKED = "parked"  # found in a backup: it may have been sent since
    IMPORTED = "imported"  # made elsewhere, and the vendor knows it: nothing is sent here
    GONE_WRONG = "gone_wrong"  # stopped before a byte left: a poisoned row, a key gone


S, E = State, Event
MOVES: dict[tuple[State, Event], State] = {
    (S.QUEUED, E.CANCEL): S.CANCELED,
    (S.QUEUED, E.CLAIM): S.SUBMITTING,
    (S.QUEUED, E.GONE_WRONG): S.FAILED,
    (S.QUEUED, E.IMPORTED): S.RUNNING,
    (S.SUBMITTING, E.ACCEPTED): S.RUNNING,
    (S.SUBMITTING, E.NOT_SENT): S.QUEUED,
    (S.SUBMITTING, E.REFUSED): S.FAILED,
    (S.SUBMITTING, E.UNREACHABLE): S.FAILED,
    (S.SUBMITTING, E.REPLAY): S.SUBMITTING,
    (S.SUBMITTING, E.NO_ANSWER): S.UNKNOWN,
    (S.SUBMITTING, E.CONFIRMED): S.RUNNING,
    (S.QUEUED, E.LATE_ANSWER): S.UNKNOWN,
    (S.QUEUED, E.PARKED): S.UNKNOWN,
    (S.SUBMITTING, E.PARKED): S.UNKNOWN,
    (S.UNKNOWN, E.CONFIRMED): S.RUNNING,
    (S.UNKNOWN, E.TRY_AGAIN): S.QUEUED,
    (S.UNKNOWN, E.GIVE_UP): S.FAILED,
    (S.RUNNING, E.MADE): S.DOWNLOADING,
    (S.RUNNING, E.VERDICT): S.FAILED,
    (S.RUNNING, E.OVERDUE): S.EXPIRED,
    (S.RUNNING, E.FORGOTTEN): S.LOST,
    (S.EXPIRED, E.MADE): S.DOWNLOADING,
    (S.EXPIRED, E.VERDICT): S.FAILED,
    (S.EXPIRED, E.FORGOTTEN): S.LOST,
    (S.LOST, E.MADE): S.DOWNLOADING,
    (S.FAILED, E.MADE): S.DOWNLOADING,
    (S.DOWNLOADING, E.STORED): S.SUCCEEDED,
    (S.DOWNLOADING, E.DEAD_LINK): S.DOWNLOAD_FAILED,
    (S.DOWNLOAD_FAILED, E.FETCH_AGAIN): S.DOWNLOADING,
    (S.SUCCEEDED, E.FETCH_AGAIN): S.DOWNLOADING,
}

# Nothing more happens by itself in these. LOST, DOWNLOAD_FAILED and a verdict may still be revived, and
# so may a success whose file has gone from the store.
ENDED = frozenset({S.SUCCEEDED, S.FAILED, S.CANCELED, S.LOST, S.DOWNLOAD_FAILED})
UNFINISHED = frozenset(S) - ENDED
# The vendor is asked about these.
OBSERVED = frozenset({S.RUNNING, S.EXPIRED})
# These may have cost money that nothing has come of yet.
PAID_AND_OPEN = frozenset({S.SUBMITTING, S.UNKNOWN, S.RUNNING, S.DOWNLOADING, S.EXPIRED})
# What a card's data-state says: seven words instead of eleven.
SHOWN = {
    S.QUEUED: "queued",
    S.SUBMITTING: "making",
    S.RUNNING: "making",
    S.DOWNLOADING: "storing",
    S.SUCCEEDED: "ready",
    S.UNKNOWN: "unknown",
    S.FAILED: "failed",
    S.CANCELED: "canceled",
    S.EXPIRED: "late",
    S.LOST: "lost",
    S.DOWNLOAD_FAILED: "failed",
}


class IllegalMove(Exception):
    """The table has no such move; nothing was changed."""


def after(state: State, event: Event) -> State:
    """The state that ``event`` leads to, or IllegalMove."""
    try:
        return MOVES[State(state), Event(event)]
    except KeyError:
        raise IllegalMove(f"{event} is no way out of {state}") from None


class Attempt(StrEnum):
    """What is known about one paid request (SpendAttempt.state)."""

    OPEN = "open"
    CHARGED = "charged"
    NOT_CHARGED = "not_charged"
    UNKNOWN = "unknown"
    WRITTEN_OFF = "written_off"


# At most one attempt of a job may be in one of these: a partial unique index says so.
ATTEMPT_STANDS = (Attempt.OPEN, Attempt.CHARGED, Attempt.UNKNOWN)


class Money(StrEnum):
    """Where the credits of one job are (Job.money): exactly one place."""

    NONE = "none"  # nothing was sent
    HELD = "held"  # sent or about to be, not settled
    CHARGED = "charged"
    NOT_CHARGED = "not_charged"
    POSSIBLY = "possibly"  # nobody knows
    REFUNDED = "refunded"
    WRITTEN_OFF = "written_off"
