"""Checks that every file which a row names is in the store."""

from django.core.management import BaseCommand, CommandError

from videos.keeping.missing_files import lacking

SAID = {
    "missing": "is missing, cannot be read, or has another length than its row says",
    "changed": "has other bytes than it was stored with",
}


class Command(BaseCommand):
    help = (
        "Names every film, picture and poster that a row names and the store does not have whole. "
        "Ends with 1 where there is one."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--hashes",
            action="store_true",
            help="read every file and compare its bytes; takes as long as a backup",
        )

    def handle(self, *, hashes, **options):
        names = set()
        for one in lacking(hashes=hashes):
            names.add(one.name)
            self.stdout.write(f"{one.name} {SAID[one.what]}: {one.whose}")
        if names:
            raise CommandError(
                f"{len(names)} files are not as they should be. An earlier backup may have them: copy them from its "
                "media folder into the same place under the data folder. A generation can also be fetched again on its page."
            )
        self.stdout.write("Every file that a row names is there.")
