"""``manage.py sandbox``: starts the sandbox, the stand-in for the five vendors."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from videos.sandbox.config import add_arguments
from videos.sandbox.start import start


class Command(BaseCommand):
    help = "Runs the rehearsal sandbox: a stand-in for the five vendors that contacts none of them."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        add_arguments(parser)

    def handle(self, **options: object) -> None:
        try:
            start(options)
        except (ValueError, OSError) as problem:
            raise CommandError(str(problem)) from problem
