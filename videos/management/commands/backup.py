"""Copies everything but the secrets into a new folder, while the studio runs."""

from pathlib import Path

from django.core.management import BaseCommand, CommandError

from studio import database_state
from videos.keeping import manifest
from videos.keeping.backup import backup


class Command(BaseCommand):
    help = "Copy the database and every film and picture into a new folder. The studio may run meanwhile."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="is made; best on another disk")
        parser.add_argument(
            "--link",
            action="store_true",
            help="link files instead of copying them: no room, no time, the studio's own disk only; "
            "what damages a film there damages it in the backup too",
        )

    def handle(self, *, folder, link, **options):
        try:
            paper = backup(folder, self.stdout.write, link=link)
        except manifest.Refused as refused:
            raise CommandError(str(refused)) from None
        except OSError as error:
            raise CommandError(f"There is no backup: {error}. What was begun is deleted again.") from None
        if link:
            self.stdout.write(
                "Its films and pictures are the studio's own files under a second name: they survive being deleted "
                "there, and nothing else."
            )
        self.stdout.write(
            f"{folder} is a whole backup. It does NOT contain the secrets: keep {' and '.join(paper.beside)} "
            "in another place. Without them no vendor key and no unsent request can be read again."
        )
        if wrong := database_state.secrets_problem():
            raise CommandError(
                f"The backup is whole, and the secrets it was taken with are not this studio's. {wrong}"
            )
        if paper.lost:
            raise CommandError(
                f"The backup is whole, the studio is not: {len(paper.lost)} files that it should have are missing or "
                f"damaged, the first of them {paper.lost[0]}. Earlier backups may have them."
            )
