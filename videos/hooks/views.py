"""What vendors and machines may call. A callback is a wake-up, not a truth: it is kept,
the job comes up to be asked about, and nothing is decided here."""

import hashlib
from contextlib import suppress

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST, require_safe

from videos.hooks import deliveries, health, links
from videos.media.serve import serve
from videos.media.store import Store
from videos.models import Event, Job, clock, heartbeats
from videos.vendors import registry

BODY = 64 * 1024
PER_MINUTE = 120
AWAITED = ("running", "expired", "unknown")
REVIVED = ("lost", "failed")


@csrf_exempt
@require_POST
def callback(request: HttpRequest, vendor: str, token: str) -> HttpResponse:
    if too_many(request):
        return JsonResponse({"ok": False}, status=429, headers={"Retry-After": "60"})
    if (
        request.headers.get("Content-Encoding", "identity") != "identity"
        or request.content_type != "application/json"
    ):
        return JsonResponse({"ok": False}, status=415)
    body = request.read(BODY + 1)
    if len(body) > BODY:
        return JsonResponse({"ok": False}, status=413)
    job = links.job_called_back(hashlib.sha256(token.encode()).hexdigest(), vendor)
    keep(job, body)
    return JsonResponse({"ok": True})


def keep(job: Job, body: bytes) -> None:
    """Store what came and wake the job, in one transaction: what is kept has been acted on,
    so a repeated delivery may change nothing. What is too much to keep wakes it all the same."""
    hint = registry.vendor(job.vendor).read_callback(body)
    at, mine = clock.now(), Job.objects.filter(pk=job.pk)
    try:
        with transaction.atomic():
            if deliveries.keep(job, body, at):
                Event.objects.create(
                    team_id=job.team_id, job=job, verb="job.called_back", at=at, worker="callback"
                )
            if hint is not None:
                ticket = dict(hint.ticket)
                mine.filter(vendor_task_id=None).update(
                    hint_task_id=hint.task_id[:200], hint=ticket, errors=0
                )
            # Whatever it says, somebody who knows the token has news. Only what waits for an
            # answer is woken, or might have a film after all; a lease that is held is not touched.
            ended = Q(state__in=REVIVED, vendor_task_id__isnull=False, purged_at=None) & ~Q(key__sealed=b"")
            mine.filter(Q(state__in=AWAITED) | ended).update(next_at=at)
    except IntegrityError:
        return


@require_safe
def picture(request: HttpRequest, token: str, suffix: str) -> HttpResponse:
    """The picture of a job, for the vendor that makes it. The address dies with the job."""
    place = links.picture_behind(hashlib.sha256(token.encode()).hexdigest())
    if not place.job.unfinished:
        return HttpResponse(status=404)
    with suppress(DatabaseError), transaction.atomic():  # a note: the vendor gets it all the same
        type(place).objects.filter(pk=place.pk, fetched_at=None).update(fetched_at=clock.now())
    upload = place.upload
    path = Store(settings.MEDIA).path(upload.file)
    return serve(request, path, content_type=upload.media_type, etag=upload.sha256, size=upload.bytes)


@require_safe
def reach(request: HttpRequest, token: str) -> HttpResponse:
    """The studio knocks at its own public address; the link opens once."""
    if too_many(request):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    answer = heartbeats.answer_behind(hashlib.sha256(token.encode()).hexdigest())
    if not answer:
        raise Http404
    return HttpResponse(answer, content_type="text/plain", headers={"Cache-Control": "no-store"})


@require_GET
def live(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@require_GET
def ready(request: HttpRequest) -> HttpResponse:
    """Ready means: rows can be read, and somebody is sending and fetching."""
    missing = health.missing()
    return HttpResponse(
        "ok\n" if not missing else "\n".join(missing) + "\n",
        status=503 if missing else 200,
        content_type="text/plain",
    )


def too_many(request: HttpRequest) -> bool:
    """A soft limit per address, to keep guessing and noise cheap."""
    window = f"hooks:{request.META.get('REMOTE_ADDR', '')}:{int(clock.now().timestamp() // 60)}"
    cache.add(window, 0, 120)
    try:
        return cache.incr(window) > PER_MINUTE
    except ValueError:
        return False
