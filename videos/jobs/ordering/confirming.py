"""Requires a confirmation for presses that reach a sum the team set (videos/spending/asking.py).

The button, the second request of a job and the command line all use it; the press checks it again
inside the transaction that spends."""

from collections.abc import Sequence

from videos.jobs.ordering.checking import Checked, Refusal
from videos.models import Job, Membership
from videos.spending import asking
from videos.spending.asking import Press, Sum
from videos.vendors.contract import Price


class Unconfirmed(Refusal):
    """Raised where nothing is wrong and nothing was sent, but the team wants ``sums`` confirmed first."""

    def __init__(self, sums: tuple[Sum, ...]):
        super().__init__(asking.problems(sums))
        self.sums = sums

    @property
    def button(self) -> str:
        """The text of the button that confirms them."""
        return asking.button(self.sums)


def to_confirm(member: Membership, orders: Sequence[Checked]) -> tuple[Sum, ...]:
    """The sums that must be confirmed before these requests are sent by one press. Requests without a
    model or a key, which cannot be sent, are left out."""
    return asking.sums(
        member.team_id,
        [
            Press(one.model.vendor, one.model.key, one.key.rehearsal, one.price)
            for one in orders
            if one.model is not None and one.key is not None
        ],
    )


def sums_of_second_request(job: Job) -> tuple[Sum, ...]:
    """The sums to confirm for a second request of a job whose first may have been charged."""
    price = None if job.estimate is None else Price(job.estimate, job.estimate_usd)
    return asking.sums(job.team_id, [Press(job.vendor, job.model, job.rehearsal, price)])


def second_token(job: Job) -> str:
    """The client token that a confirmation of the job's next request is bound to: it has no form."""
    return f"{job.public_id.hex}-{job.attempts.count()}"


def confirmation(member: Membership, sums: Sequence[Sum], client_token: str) -> str:
    """The value of ``GenerationRequest.confirmed`` once the person was shown ``sums`` in the form that has
    this client token; empty where nothing asks."""
    return asking.seal(sums, member.user_id, client_token) if sums else ""


def require(member: Membership, sums: tuple[Sum, ...], client_token: str, given: str) -> None:
    """Raise Unconfirmed unless ``given`` confirms exactly these sums."""
    if not asking.confirmed(sums, member.user_id, client_token, given):
        raise Unconfirmed(sums)
