"""Adds a vendor's key to a team. The key is read from standard input and is never an argument, because
arguments are kept in the shell's history and shown in every process list."""

import sys

from django.core.management import BaseCommand, CommandError

from videos import audit
from videos.keys import changes
from videos.models import Team
from videos.vendors import registry


class Command(BaseCommand):
    help = "Give a team a key: `addkey VENDOR --team NAME < file`. The key is read from standard input."

    def add_arguments(self, parser):
        parser.add_argument("vendor", metavar="VENDOR", help="one of: " + ", ".join(registry.VENDORS))
        parser.add_argument(
            "--team", required=True, metavar="NAME", help="the team's name or its part of the address"
        )
        parser.add_argument("--label", default="", help="how colleagues tell keys apart")
        parser.add_argument(
            "--rehearsal", action="store_true", help="for ever: talks to the sandbox and only to it"
        )

    def handle(self, *, vendor, team, label, rehearsal, **options):
        if vendor not in registry.VENDORS:
            raise CommandError(f"There is no vendor {vendor!r}; there are {', '.join(registry.VENDORS)}.")
        if len(label) > 60:
            raise CommandError("A label has at most 60 characters.")
        found = team_named(team)
        if sys.stdin.isatty():
            self.stderr.write("Paste the key and press Enter:")
        key = sys.stdin.readline().strip()
        if len(key) < 8 or not all("!" <= letter <= "~" for letter in key):
            raise CommandError(
                "What came in is no key: one word of at least 8 Latin letters, digits and signs."
            )
        try:
            row = changes.create_key(found, vendor=vendor, key=key, label=label, rehearsal=rehearsal)
        except changes.AlreadyKnown as known:
            raise CommandError(f"The team has this key already: {known.row}.") from None
        except changes.OnlyRehearsal:
            raise CommandError(f"{found} only rehearses: add --rehearsal.") from None
        audit.note(found, None, "key.added", row, vendor=vendor, rehearsal=rehearsal, personal=False)
        kind = "rehearsal key" if rehearsal else "key"
        self.stdout.write(f"{found} has a {kind} of {registry.vendor(vendor).name} (…{row.tail}).")


def team_named(name: str) -> Team:
    """Finds a team by its slug, which is unique, else by its name where only one team has it."""
    found = list(Team.objects.filter(slug=name)) or list(Team.objects.filter(name=name)[:2])
    if len(found) == 1:
        return found[0]
    if found:
        raise CommandError(f"Several teams are called {name!r}: use the part of its address after /t/.")
    raise CommandError(f"There is no team {name!r}.")
