"""Restores a backup as a studio, which spends nothing by itself."""

from pathlib import Path

from django.core.management import BaseCommand, CommandError

from videos.keeping.manifest import Refused
from videos.keeping.restore import restore


class Command(BaseCommand):
    help = "Fill an empty studio, on which nothing runs, from a folder that manage.py backup made."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--other-secrets",
            action="store_true",
            help="go on although FIELD_ENCRYPTION_KEYS or STUDIO_ACCOUNT_PEPPER are not those of the backup",
        )

    def handle(self, *, folder, other_secrets, **options):
        try:
            done = restore(folder, self.stdout.write, other_secrets=other_secrets)
        except Refused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(
            f"Restored as of {done.paper.taken_at}: every row counted, every file's hash right. Everybody signs in again."
        )
        if done.parked:
            self.stdout.write(
                f"{done.parked} jobs waited to be sent then and may have been sent since. They wait for a person, "
                "under In the making: nothing is sent again by itself."
            )
        if done.paper.lost:
            self.stdout.write(f"{len(done.paper.lost)} files were missing already when the backup was taken.")
