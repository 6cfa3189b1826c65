"""Writes the sentences on the card of a job: state, money, and what to do next."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext, ngettext

from videos import labels
from videos.models import Job
from videos.states import SHOWN, Money, State

from .fetching import describe_obstacle
from .refusals import describe_failure


@dataclass(frozen=True, slots=True)
class CardText:
    """The sentences of a card. ``title`` is what happened, ``money`` whether it cost anything, ``text`` the one thing
    to do next (or what is being waited for); ``action`` names the button for it."""

    title: str
    text: str = ""
    money: str = ""
    action: str = ""

    @property
    def lines(self) -> tuple[str, str, str]:
        return self.title, self.money, self.text


def card_text(job: Job, now: datetime, *, amounts: bool = True) -> CardText:
    """Returns the sentences for a job. ``amounts``: whether the viewer may know how much was paid."""
    paid = money(job, amounts=amounts)
    if job.stopped_at and job.unfinished:
        return CardText(
            gettext("Nobody is watching this any more"), gettext("What comes goes to the trash."), paid
        )
    if job.state not in SHOWN:
        return CardText(
            gettext("A newer version of the studio has this in hand"), gettext("Reload the page in a moment.")
        )
    state = State(job.state)
    unchecked = state == State.SUCCEEDED and job.kind == "unchecked"
    if unchecked or state in (State.FAILED, State.LOST, State.DOWNLOAD_FAILED, State.UNKNOWN):
        title, do, action = describe_failure(job.kind or state)
        return CardText(title, do, paid, action)
    if state == State.CANCELED:
        return CardText(gettext("Taken back before it was sent"), "", paid, "retry")
    if state == State.EXPIRED:
        text = gettext("The vendor still has it. We look every hour and tell you when it comes.")
        if job.waiting_for == "key":
            text = watching(job, now)
        title, said = standing(job, amounts)
        text = no_file(job) or said or text
        return CardText(title or gettext("Taking far longer than usual"), text, paid, "look")
    return CardText(*{
        State.QUEUED: (gettext("Next in line"), waiting(job)),
        State.SUBMITTING: (gettext("Sending it"), ""),
        State.RUNNING: running(job, now, amounts),
        State.DOWNLOADING: fetching(job),
        State.SUCCEEDED: ("", ""),
    }[state])  # fmt: skip


def missing_file_text(job: Job, *, amounts: bool = True) -> CardText:
    """Returns the sentences for a job that succeeded and whose file has since vanished from the store."""
    return CardText(
        gettext("Its file is missing from this studio"),
        gettext(
            "Fetch it again: that is free, where the vendor still has it. Otherwise whoever runs this studio can put it "
            "back from a backup."
        ),
        money(job, amounts=amounts),
        "fetch",
    )


def waiting(job: Job) -> str:
    """Returns why a queued job is not sent yet."""
    return {
        "": gettext("It is sent in a moment."),
        "key": gettext("Its key is paused or refused: see the Keys page."),
        "rate": gettext("The vendor asked us to slow down."),
        "slot": gettext("This account already makes as many as it may at once."),
        "turn": gettext("Others are being sent to this vendor; it is next."),
        "disk": gettext("Our disk is full; nothing is bought that could not be kept."),
        "picture": gettext(
            "The file of one of its pictures is missing from this studio, and nothing is sent without it. Whoever runs "
            "the studio can put it back from a backup; bringing the picture in again helps too."
        ),
        "breaker": gettext(
            "The vendor has been leaving us without answers; nothing is sent until it calms down."
        ),
        "vendor": gettext("The vendor could not be reached; we try again by ourselves."),
    }.get(job.waiting_for, "")


def watching(job: Job, now: datetime) -> str:
    if job.waiting_for == "key":
        return gettext(
            "The vendor refuses this key now. It is paid; it comes when the key works again or is replaced."
        )
    if said := no_file(job):
        return said
    if job.errors >= 3:
        return gettext("The vendor does not answer just now; we keep asking.")
    if job.word and job.kind.startswith("word_check"):
        return gettext("The vendor says: %(word)s. That sounds like its content check; we keep asking.") % {
            "word": job.word
        }
    if job.word:
        return gettext("The vendor says: %(word)s") % {"word": job.word}
    if job.usual_high and job.accepted_at and (now - job.accepted_at).total_seconds() > job.usual_high * 1.5:
        return gettext("Taking longer than usual.")
    return ""


def running(job: Job, now: datetime, amounts: bool) -> tuple[str, str]:
    """Returns title and text for a job that the vendor is making."""
    title, text = standing(job, amounts)
    if job.errors >= 3 or job.waiting_for == "key":
        text = watching(job, now)
    return title or gettext("Making it"), text or watching(job, now)


def standing(job: Job, amounts: bool) -> tuple[str, str]:
    """Returns title and text for a job whose vendor has reported the same undocumented status word for
    long; empty for any other."""
    if not job.kind.endswith("_stays"):
        return "", ""
    if job.kind.startswith("word_check"):
        title = gettext("Stopped by its content check?")
        text = gettext("The vendor says “%(word)s”; we keep asking. Other words may pass. %(money)s")
    else:
        title = gettext("Nothing moves at the vendor")
        text = gettext("It has said “%(word)s” for a while; we keep asking. %(money)s")
    return title, text % {"word": job.word, "money": _not_settled(job, amounts)}


def _not_settled(job: Job, amounts: bool) -> str:
    """Returns what this vendor has reported about the charge, and claims nothing beyond."""
    facts = {"vendor": labels.vendor_name(job.vendor)}
    if job.charge is None:
        return gettext("Whether it was charged, %(vendor)s has not said.") % facts
    if not amounts:
        return gettext("%(vendor)s charged it; whether that is given back, it has not said.") % facts
    facts["amount"] = amount(job.charge, job)
    return gettext("%(vendor)s named %(amount)s for it; whether that is given back, it has not said.") % facts


def no_file(job: Job) -> str:
    """Returns the sentence for a job that the vendor has finished without naming a file; else ""."""
    if job.kind == "no_output" and job.errors >= 3:
        return gettext("The vendor says that it is done, but gives no file. We go on asking for it.")
    return ""


def fetching(job: Job) -> tuple[str, str]:
    """Returns title and text for a job whose file is being downloaded."""
    if job.waiting_for == "disk":
        text = gettext("Our disk is full. It is safe at the vendor's for a while.")
        return gettext("Bringing it home"), text
    if text := describe_obstacle(job):
        return gettext("It is made, but does not come yet"), text
    return gettext("Bringing it home"), ""


def money(job: Job, *, amounts: bool = True) -> str:
    """Returns whether money was taken, as far as it is known, and with ``amounts`` how much."""
    if not amounts:
        return _taken(job)
    charged = job.charge if job.charge is not None else None
    match job.money:
        case Money.NONE | Money.NOT_CHARGED:
            return gettext("Nothing was charged.")
        case Money.CHARGED if charged is not None:
            return gettext("Charged: %(amount)s.") % {"amount": amount(charged, job)}
        case Money.CHARGED if job.estimate is not None:
            return gettext("Charged, by the price list %(amount)s.") % {"amount": amount(job.estimate, job)}
        case Money.CHARGED:
            return gettext("Charged; the vendor did not say how much.")
        case Money.REFUNDED:
            return gettext("The vendor gave %(amount)s back.") % {"amount": amount(job.refunded, job)}
        case Money.WRITTEN_OFF | Money.POSSIBLY if job.estimate is not None:
            return gettext("It may have been charged: %(amount)s.") % {"amount": amount(job.estimate, job)}
        case Money.WRITTEN_OFF | Money.POSSIBLY:
            return gettext("It may have been charged; the vendor did not say.")
        case _:
            return ""


def _taken(job: Job) -> str:
    match job.money:
        case Money.NONE | Money.NOT_CHARGED:
            return gettext("Nothing was charged.")
        case Money.CHARGED:
            return gettext("It was charged.")
        case Money.REFUNDED:
            return gettext("The vendor gave the money back.")
        case Money.WRITTEN_OFF | Money.POSSIBLY:
            return gettext("It may have been charged; the vendor did not say.")
        case _:
            return ""


def amount(value: Decimal, job: Job) -> str:
    return labels.amount(value, job.unit)


def unchecked(reason: str) -> str:
    """Returns why a file that arrived cannot be shown. ``reason``: a code of videos/media/probe.py, or empty."""
    broken = gettext("It cannot be opened: it may be damaged, or of a kind that this studio does not know.")
    return {
        "truncated": gettext("It ends too early: a part of it is missing."),
        "trailing": gettext("Something else follows the film in its file."),
        "codec": gettext("Its picture is coded in a way that this studio does not read."),
        "size": gettext("Its picture is larger or smaller than this studio opens."),
        "fps": gettext("It has more or fewer pictures a second than this studio opens."),
        "seconds": gettext("It runs longer than this studio opens, or does not say how long."),
        "tracks": gettext("It holds more tracks than this studio opens."),
        "not_video": gettext("It is no film of a kind that this studio knows (MP4 or MOV)."),
        "not_picture": gettext("It is no picture of a kind that this studio knows."),
        "no_frame": gettext("No picture of it could be read."),
        "too_costly": gettext("Opening it took more time or memory than one file may."),
    }.get(reason, broken)


def estimate(job: Job) -> str:
    """Returns ``usually 1–2 min``, learned from this studio's own jobs, or "no estimate yet"."""
    if job.usual_low is None or job.usual_high is None:
        return gettext("no estimate yet")
    return usual(job.usual_low, job.usual_high)


def usual(shortest: float, longest: float) -> str:
    low, high = span(shortest), span(longest)
    if low == high:
        return gettext("usually about %(time)s") % {"time": low}
    return gettext("usually %(low)s to %(high)s") % {"low": low, "high": high}


def span(seconds: float) -> str:
    if seconds < 90:
        whole = max(5, round(seconds / 5) * 5)
        return ngettext("%(n)s second", "%(n)s seconds", whole) % {"n": whole}
    whole = round(timedelta(seconds=seconds) / timedelta(minutes=1))
    return ngettext("%(n)s minute", "%(n)s minutes", whole) % {"n": whole}


def mismatch(differs: list[list[str]]) -> list[str]:
    """Returns "Asked for 1080p, got 720p" for each option that was not delivered as asked."""
    said = []
    for name, asked, got in differs:
        if name == "audio":
            said.append(gettext("Asked for sound, got none"))
        elif name == "seconds":
            said.append(gettext("Asked for %(asked)s s, got %(got)s s") % {"asked": asked, "got": got})
        else:
            said.append(gettext("Asked for %(asked)s, got %(got)s") % {"asked": asked, "got": got})
    return said
