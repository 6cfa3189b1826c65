"""Receives pictures and films before the form is sent, and serves their files."""

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from videos import access
from videos.create import media_import
from videos.media.serve import FRESH_SECONDS, serve
from videos.media.store import Store
from videos.signin import login_required
from videos.uploads import receiving
from videos.uploads.pictures import BadPicture


@login_required
@require_POST
def uploads(request: HttpRequest, team: str) -> JsonResponse:
    """Takes one picture or film: answers ``{"id", "name"}`` or ``{"error"}``. After a 503 the browser may
    send it again in as many seconds as ``Retry-After`` says."""
    member = access.member_of(request.user, team)
    access.require(member, "make")
    file = request.FILES.get("file")
    if file is None:
        full = receiving.describe_full_disk(request)
        return JsonResponse({"error": full or _("No picture arrived.")}, status=507 if full else 422)
    try:
        upload = media_import.import_file(member, file)
    except BadPicture as bad:
        answer = JsonResponse(
            {"error": media_import.describe_refusal(bad, file.name)},
            status=media_import.STATUS_OF_REFUSAL.get(bad.code, 422),
        )
        if bad.code == "busy":
            answer["Retry-After"] = "3"
        return answer
    return JsonResponse({"id": upload.pk, "name": upload.name})


@login_required
@require_GET
def upload_file(request: HttpRequest, team: str, number: int) -> HttpResponseBase:
    """Serves the file of an upload."""
    upload = access.one(access.uploads_known(access.member_of(request.user, team)), pk=number)
    path = Store(settings.MEDIA).path(upload.file)
    return serve(
        request,
        path,
        content_type=upload.media_type,
        etag=upload.sha256,
        size=upload.bytes,
        accel=settings.MEDIA_ACCEL,
        fresh=FRESH_SECONDS if upload.media == "image" else 0,
    )


@login_required
@require_GET
def upload_poster(request: HttpRequest, team: str, number: int) -> HttpResponseBase:
    """Serves the still that stands for a film."""
    rows = access.uploads_known(access.member_of(request.user, team)).exclude(poster="")
    name = access.one(rows, pk=number).poster
    return serve(
        request,
        Store(settings.MEDIA).path(name),
        content_type="image/jpeg",
        etag=name.rpartition("/")[2],
        accel=settings.MEDIA_ACCEL,
        fresh=FRESH_SECONDS,
    )
