"""Writes what a vendor's support asks for first, as plain text to paste into a letter.

It is in English whatever the reader's language, because the vendor reads it. It contains nothing of the
prompt, of a picture or of a key.
"""

import re
from datetime import UTC, datetime
from decimal import Decimal

from videos import labels
from videos.logs import redact
from videos.models import Job
from videos.states import Money

TIMES = (
    ("Asked", "created_at"),
    ("Sent", "sent_at"),
    ("Accepted", "accepted_at"),
    ("Last looked", "looked_at"),
    ("Made", "made_at"),
    ("Ended", "ended_at"),
)
MONEY = {
    Money.NONE: "nothing was sent",
    Money.HELD: "not settled",
    Money.CHARGED: "charged",
    Money.NOT_CHARGED: "not charged",
    Money.POSSIBLY: "unknown, possibly charged",
    Money.REFUNDED: "refunded",
    Money.WRITTEN_OFF: "unknown, possibly charged",
}


def support_report(job: Job) -> str:
    """One ``name: value`` a line; what is not known has no line."""
    facts = [
        ("Vendor", labels.vendor_name(job.vendor)),
        ("Model", job.model.partition("/")[2]),
        ("Task id", job.vendor_task_id or ""),
        ("Task id, not confirmed", job.hint_task_id),
        ("Where the task id comes from", origin(job)),
        ("Task id of the maker behind it", job.upstream_id),
        ("Trace id", ", ".join(without_key(trace, job.key.tail) for trace in trace_ids(job))),
        ("Idempotency key", job.idem_key),
        ("Our id", str(job.public_id)),
        *((f"{name} (UTC)", _moment(getattr(job, field))) for name, field in TIMES),
        ("Stands", " ".join(filter(None, (job.state, job.kind)))),
        ("Charge", _amount(job.charge, job.unit)),
        ("Given back", _amount(job.refunded, job.unit)),
        ("Price shown before", _amount(job.estimate, job.unit)),
        ("Money", MONEY[Money(job.money)]),
        ("Status word", job.word),
        ("Error code", without_key(job.code, job.key.tail)),
        ("Answer", without_key(job.said, job.key.tail)),
    ]
    return "\n".join(f"{name}: {value}" for name, value in facts if value)


TASK_ID_EVENTS = ("job.accepted", "job.no_answer", "job.confirmed", "job.imported")


def origin(job: Job) -> str:
    """Says who named the task id in the report, and whether the vendor confirmed it since."""
    task = job.vendor_task_id or job.hint_task_id
    lines = job.events.filter(verb__in=TASK_ID_EVENTS, data__task=task).order_by("pk") if task else ()
    events = {line.verb.removeprefix("job."): line for line in lines}
    if "accepted" in events:
        beside = without_key(events["accepted"].data.get("beside", ""), job.key.tail)
        return "the answer to the request" + (f", beside an error that was empty: {beside}" if beside else "")
    if "imported" in events or ("confirmed" in events and events["confirmed"].actor_id):
        return "typed in by a person, and confirmed by the vendor"
    if not task or (job.vendor_task_id and "confirmed" not in events):
        return ""  # a job from before these events were recorded
    if "no_answer" in events:
        source = "an answer to the request that also named an error"
    elif job.events.filter(verb="job.called_back").exists():
        source = "a callback"
    else:
        source = "an answer that came late"
    return f"{source}, and confirmed by the vendor" if "confirmed" in events else source


def trace_ids(job: Job) -> list[str]:
    """The ids by which this vendor finds its answers, each once, in the order in which they came."""
    found = job.events.filter(data__has_key="trace").order_by("pk").values_list("data__trace", flat=True)
    return list(dict.fromkeys(str(trace) for trace in found))


def without_key(said: str, tail: str) -> str:
    """Removes keys from ``said``: whatever looks like a key, and any word of four or more characters that
    ends as our key does, whatever it begins with."""
    ours = re.compile(rf"(?<![\w.\-])[\w.\-]{{4,}}{re.escape(tail)}(?![\w\-])") if tail else None
    return ours.sub("***", redact(said)) if ours else redact(said)


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") if at else ""


def _amount(value: Decimal | None, unit: str) -> str:
    return "" if value is None else f"{labels.figure(value)} {unit}".strip()
