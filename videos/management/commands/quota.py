"""Prints or sets how much a team may store."""

import re

from django.core.management import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from videos import quota
from videos.models import Team
from videos.models.snapshot import snapshot

# As pages show sizes (filesizeformat): 1 GB is 1,024 MB.
UNITS = {"": 1, "MB": 2**20, "GB": 2**30, "TB": 2**40}


class Command(BaseCommand):
    help = "Show what each team stores, or limit one: quota northlight 50GB; quota northlight none."

    def add_arguments(self, parser):
        parser.add_argument("team", nargs="?", help="the team as its address has it: /t/<team>/")
        parser.add_argument("limit", nargs="?", help="bytes, or with MB, GB or TB; none takes the limit away")

    def handle(self, *, team, limit, **options):
        teams = Team.objects.order_by("name", "id")
        if team is not None and not (teams := teams.filter(slug=team)):
            raise CommandError(f"There is no team at /t/{team}/.")
        if limit is not None:
            teams.update(storage_limit=read(limit))
        with snapshot():
            self.list(teams.all())

    def list(self, teams):
        for one in teams:
            most = "no limit" if one.storage_limit is None else f"of {size_text(one.storage_limit)}"
            self.stdout.write(f"{one.slug}: {size_text(quota.used(one.pk))}, {most}")


def read(text: str) -> int | None:
    if text.lower() == "none":
        return None
    found = re.fullmatch(r"(\d{1,15}) ?([MGT]B)?", text.strip(), re.IGNORECASE)
    if not found:
        raise CommandError(f"{text!r} is no size: write 500MB, 50GB, 2TB or none.")
    return int(found[1]) * UNITS[(found[2] or "").upper()]


def size_text(size: int) -> str:
    return filesizeformat(size).replace("\xa0", " ")
