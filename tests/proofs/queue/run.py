"""``python -m tests.proofs.queue.run STEP ...``: put (what QUEUE_PUT says), migrate, qcluster, plan (five
schedules, each forty minutes behind), schedule (until nothing is behind)."""

import json
import os
import sys
from datetime import timedelta

import django
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

if __name__ == "__main__":
    django.setup()
    from django_q.models import Schedule
    from django_q.scheduler import scheduler
    from django_q.tasks import async_task

    behind = Schedule.objects.exclude(repeats=0)

    for step in sys.argv[1:]:
        if step == "put":
            for task, args, options in json.loads(os.environ["QUEUE_PUT"]):
                async_task(f"tests.proofs.queue.tasks.{task}", *args, **options)
        elif step == "plan":
            for word in "abcde":
                Schedule.objects.create(
                    func="tests.proofs.queue.tasks.marks", args=repr(("", word)), schedule_type=Schedule.MINUTES,
                    minutes=1, repeats=40, next_run=timezone.now() - timedelta(minutes=45),
                )  # fmt: skip
        elif step == "schedule":
            left = True
            while left:
                try:
                    scheduler()
                    left = behind.exists()
                except OperationalError:
                    pass  # locked by one of the others
        else:
            call_command(step, verbosity=0)
