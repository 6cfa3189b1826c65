"""Empties the trash now, instead of within the hour."""

from django.conf import settings
from django.core.management import BaseCommand
from django.template.defaultfilters import filesizeformat

from videos.jobs.retention.purge import purge


class Command(BaseCommand):
    help = "Delete for good what has been in the trash for STUDIO_TRASH_DAYS. The worker does it every hour."

    def add_arguments(self, parser):
        parser.add_argument(
            "--days", type=float, default=settings.TRASH_DAYS, help="how long it must have been in the trash"
        )

    def handle(self, *, days, **options):
        done = purge(days)
        size = filesizeformat(done.bytes).replace("\xa0", " ")
        self.stdout.write(
            f"{done.jobs} generations, {done.uploads} unused pictures and {done.recipes} templates, {size} made free."
        )
