"""Defines the tasks with which the queue is measured: nothing, or one status call."""

import httpx
from django.db.models import F

from videos import vault
from videos.jobs.account import routes
from videos.jobs.watching import observe
from videos.models import Job, clock
from videos.states import State
from videos.vendors import registry
from videos.vendors.contract import Reply, Working


def nothing(_n: int) -> None:
    pass


def look(job_id: int) -> None:
    """Makes one status call as the obvious design would: one task asks one vendor about one job. It is spared the TLS
    context, which would cost it ten times as much as everything else."""
    job = Job.objects.select_related("key").get(pk=job_id)
    vendor, way = registry.vendor(job.vendor), routes.route(job.vendor, rehearsal=job.rehearsal)
    call = vendor.check(job.ticket)
    headers = {"authorization": f"Bearer {vault.open_key(job.key)}", "accept": "application/json"}
    with httpx.Client(verify=False, timeout=45) as client:
        answer = client.request(call.method, way.base_url + call.path, headers=headers)
    outcome = vendor.read_check(Reply(answer.status_code, answer.content, dict(answer.headers)))
    if not isinstance(outcome, Working):
        raise ValueError(f"the stub said {outcome}")
    Job.objects.filter(pk=job.pk, state=State.RUNNING).update(
        next_at=observe.next_look(job), looked_at=clock.now(), looks=F("looks") + 1, missing_since=None
    )
