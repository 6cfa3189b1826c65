"""Prints where every credit is, and proves that none is missing."""

from django.core.management import BaseCommand, CommandError

from videos.labels import figure
from videos.management.commands.addkey import team_named
from videos.spending.ledger import ZERO, Place
from videos.usage.proof import Proof, SpendingGroup, prove

TROUBLES = {
    "two_requests_stand": "two of its requests stand at once",
    "held_after_the_end": "it has ended and its money is still held",
    "charge_without_a_request": "it names a charge, and none of its requests stands",
    "refund_without_an_amount": "it was refunded, and nobody says how much",
    "job_and_requests_disagree": "what it says of its money is not what its requests say",
}


class Command(BaseCommand):
    help = "Prove that every credit is in exactly one place. Ends with 1 where one is in none, or in two."

    def add_arguments(self, parser):
        parser.add_argument(
            "--team", metavar="NAME", help="only this team, by name or its part of the address"
        )

    def handle(self, *, team, **options):
        proof = prove(team_named(team) if team else None)
        for group in sorted(proof.balances):
            self.stdout.write(line(group, proof))
        for job, trouble in proof.troubles:
            self.stdout.write(f"job {job}: {TROUBLES[trouble]}")
        unequal = [group_name(group) for group in proof.unequal()]
        if not proof.holds:
            counted = f"{len({job for job, _trouble in proof.troubles})} jobs are not in exactly one place"
            raise CommandError("; ".join([counted, *(f"{one} does not add up" for one in unequal)]))
        self.stdout.write("Every credit is in exactly one place.")


def line(group: SpendingGroup, proof: Proof) -> str:
    """``vendor credits: 128 asked = 4 held + 96 charged + 28 possibly``"""
    found = proof.balances[group]
    amounts = {place: getattr(found, place) for place in Place}
    parts = [f"{figure(amount)} {place.replace('_', ' ')}" for place, amount in amounts.items() if amount]
    unpriced = f"; {found.unpriced} requests without a known price" if found.unpriced else ""
    return f"{group_name(group)}: {figure(proof.worth.get(group, ZERO))} asked = {' + '.join(parts) or '0'}{unpriced}"


def group_name(group: SpendingGroup) -> str:
    return f"{group.vendor} {group.unit}{' (rehearsal)' if group.rehearsal else ''}".strip()
