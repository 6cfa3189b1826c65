"""Seals everything sealed again, under the newest of FIELD_ENCRYPTION_KEYS.

Put the new key first in FIELD_ENCRYPTION_KEYS, restart, run this, then take the old ones away. It can be
interrupted at any time: finished rows stay done, and another run does the rest.
"""

from django.core.management import BaseCommand, CommandError
from django.db import models

from videos import vault
from videos.models import CallbackDelivery, Job, Letter, Output, VendorKey

SEALED = (
    (VendorKey, "sealed"),
    (Job, "body_sealed"),
    (Output, "url_sealed"),
    (CallbackDelivery, "body_sealed"),
    (Letter, "sealed"),
)
BATCH = 200


class Command(BaseCommand):
    help = "Seal everything again under the newest encryption key, and check that all of it opens."

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="change nothing: only see whether everything opens"
        )

    def handle(self, *, check, **options):
        unreadable = 0
        for model, column in SEALED:
            done, broken = rotate(model, column, change=not check)
            unreadable += len(broken)
            self.stdout.write(f"{model.__name__}.{column}: {done} {'open' if check else 'sealed again'}")
            for pk in broken:
                self.stderr.write(f"{model.__name__} {pk} cannot be opened with the encryption keys at hand")
        if unreadable:
            raise CommandError(
                f"{unreadable} rows cannot be opened: keep the old encryption keys until you know why."
            )


def rotate(model: type[models.Model], column: str, *, change: bool) -> tuple[int, list[int]]:
    """How many rows were done, and the ids of those that cannot be opened. In order of id,
    a batch at a time, so that it neither holds the table nor everything in memory."""
    done, broken, last = 0, [], 0
    while True:
        rows = model.objects.filter(pk__gt=last).order_by("pk").values_list("pk", column)[:BATCH]
        batch = list(rows)
        if not batch:
            return done, broken
        for pk, sealed in batch:
            last = pk
            old = bytes(sealed)
            if not old:
                continue  # erased: the key was deleted
            try:
                new = vault.reseal(old)
            except vault.KeyUnreadable:
                broken.append(pk)
                continue
            if change:
                # Only what we read: a row that was written meanwhile is sealed under the newest key anyway.
                model.objects.filter(pk=pk, **{column: old}).update(**{column: new})
            done += 1
