"""Presses that ask first (videos/spending/asking.py), as the button, the second try and the
command line meet them. Asked again inside the transaction that spends."""

from collections.abc import Sequence

from videos.jobs.ordering.checking import Checked, Refusal
from videos.models import Job, Membership
from videos.spending import asking
from videos.spending.asking import Press, Sum
from videos.vendors.contract import Price


class Unconfirmed(Refusal):
    """Nothing is wrong with it and nothing was sent: the team wants these ``sums`` confirmed."""

    def __init__(self, sums: tuple[Sum, ...]):
        super().__init__(asking.problems(sums))
        self.sums = sums

    @property
    def button(self) -> str:
        """What the button says that confirms them."""
        return asking.button(self.sums)


def to_confirm(member: Membership, orders: Sequence[Checked]) -> tuple[Sum, ...]:
    """The sums that these orders, sent by one press, need a yes for. Orders that could not
    be sent anyway are left out."""
    return asking.sums(
        member.team_id,
        [
            Press(one.model.vendor, one.model.key, one.key.rehearsal, one.price)
            for one in orders
            if one.model is not None and one.key is not None
        ],
    )


def sums_of_second_request(job: Job) -> tuple[Sum, ...]:
    """The same for a second request of a job whose first may have been charged."""
    price = None if job.estimate is None else Price(job.estimate, job.estimate_usd)
    return asking.sums(job.team_id, [Press(job.vendor, job.model, job.rehearsal, price)])


def second_token(job: Job) -> str:
    """The client token that a confirmation of the job's next request is bound to: it has no form."""
    return f"{job.public_id.hex}-{job.attempts.count()}"


def confirmation(member: Membership, sums: Sequence[Sum], client_token: str) -> str:
    """What ``Order.confirmed`` carries once the person was shown ``sums`` in the form that
    has this client token; empty where nothing asks."""
    return asking.seal(sums, member.user_id, client_token) if sums else ""


def require(member: Membership, sums: tuple[Sum, ...], client_token: str, given: str) -> None:
    """Raises Unconfirmed unless ``given`` is the yes to exactly these sums."""
    if not asking.confirmed(sums, member.user_id, client_token, given):
        raise Unconfirmed(sums)
