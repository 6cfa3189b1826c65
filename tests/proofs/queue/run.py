"""``python -m tests.proofs.queue.run STEP ...``: put (what QUEUE_PUT says), migrate, qcluster."""

import json
import os
import sys

import django
from django.core.management import call_command

if __name__ == "__main__":
    django.setup()
    from django_q.tasks import async_task

    for step in sys.argv[1:]:
        if step == "put":
            for task, args, options in json.loads(os.environ["QUEUE_PUT"]):
                async_task(f"tests.proofs.queue.tasks.{task}", *args, **options)
        else:
            call_command(step, verbosity=0)
