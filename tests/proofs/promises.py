"""What must be true of the rows at every moment, whoever did what: asked after every step of every
proof. The vendor's ledger (tests/proofs/bank.py) is the oracle."""

from tests.proofs.bank import ORDER, Bank
from videos.models import Event as EventRow
from videos.models import Job, SpendAttempt
from videos.states import ATTEMPT_STANDS, ENDED, MOVES, Attempt, Event, State, after
from videos.usage.proof import prove

MOVING = {f"job.{event}" for event in Event}


def order_of(job: Job) -> int:
    return int(ORDER.search(job.prompt.text.encode())[1])


def moment(bank: Bank) -> tuple:
    """Changes whenever anything does that a promise is about."""
    jobs = Job.objects.order_by("pk").values_list("state", "money", "charge", "refunded", "vendor_task_id")
    attempts = SpendAttempt.objects.order_by("pk").values_list("state", flat=True)
    lines = EventRow.objects.order_by("-pk").values_list("pk", flat=True)[:1]
    return tuple(lines), tuple(jobs), tuple(attempts), bank.charges.total()


def all_kept(bank: Bank) -> None:
    for job in Job.objects.select_related("prompt"):
        paid_once(job, bank)
        told_in_full(job)
    nothing_is_made_up(bank)
    proof = prove()
    assert proof.holds, ("a credit is in no place or in two", proof.troubles, proof.unequal())


def paid_once(job: Job, bank: Bank) -> None:
    states = [Attempt(state) for state in job.attempts.values_list("state", flat=True)]
    charges, written_off = bank.charges[order_of(job)], states.count(Attempt.WRITTEN_OFF)
    standing = [state for state in states if state in ATTEMPT_STANDS]
    assert charges <= 1 + written_off, f"{job} was paid {charges} times"
    assert len(standing) <= 1, f"{job} has two requests that stand"
    assert charges <= written_off + len(standing), f"{job} was paid and nothing here says so: {states}"
    if job.state in (State.FAILED, State.CANCELED):
        verdict = job.events.filter(verb=f"job.{Event.VERDICT}").exists()
        assert charges <= written_off + verdict, f"{job} was paid and is {job.state} by nobody's word"


def nothing_is_made_up(bank: Bank) -> None:
    """No more requests are called charged than the vendor took money for, and no job has a task
    that the vendor never made."""
    claimed = Job.objects.exclude(vendor_task_id=None).values_list("vendor_task_id", flat=True)
    assert set(claimed) <= bank.tasks.keys(), "a task is believed in that nobody made"
    assert SpendAttempt.objects.filter(state=Attempt.CHARGED).count() <= len(bank.tasks)


def told_in_full(job: Job) -> None:
    """The book about ``job`` leads through the table of states to where its row stands."""
    state = State.QUEUED
    for line in EventRow.objects.filter(job=job, verb__in=MOVING).order_by("id"):
        event = Event(line.verb.removeprefix("job."))
        assert (line.data["from"], (state, event) in MOVES) == (state, True), (job, state, line.verb)
        state = after(state, event)
        assert line.data["to"] == state
    assert state == job.state, f"the book about {job} ends with {state}, its row says {job.state}"


def nothing_hangs() -> None:
    """Asked at the end of a proof, when everything had its time: what waits, waits for a person."""
    for job in Job.objects.all():
        assert job.state in ENDED | {State.UNKNOWN}, (job.state, job.waiting_for, job.next_at, job.kind)
