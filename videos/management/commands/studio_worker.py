"""Runs the worker, the only command that sends, watches and fetches generations."""

import signal

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from videos.jobs.running.worker import AlreadyRunning, Supervisor


class Command(BaseCommand):
    help = (
        "Runs the queue's clusters under a supervisor with the ticker and the canary. "
        "One per data folder; stop it with TERM or Ctrl-C."
    )
    requires_system_checks = "__all__"

    def handle(self, **options):
        try:
            supervisor = Supervisor(settings.DATA)
        except AlreadyRunning:
            raise CommandError(
                f"A worker already runs for {settings.DATA}: two would only wait for each other."
            ) from None
        signal.signal(signal.SIGTERM, supervisor.stop)
        signal.signal(signal.SIGINT, supervisor.stop)
        supervisor.run()
