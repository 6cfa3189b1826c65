"""Serves the files of a generation to those who may see it, and to nobody else."""

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from videos import access
from videos.clips import arrived
from videos.media.serve import FRESH_SECONDS, serve
from videos.media.store import Store
from videos.models import Output
from videos.signin import login_required

POSTER_TYPES = {
    "webp": "image/webp",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "avif": "image/avif",
}


@login_required
@require_safe
def clip_file(request: HttpRequest, team: str, public_id: str, n: int) -> HttpResponseBase:
    """Serves an output that can be shown. One that could not be opened is never served at this address,
    because a page could play it."""
    output = output_or_404(request, team, public_id, n)
    if output.media_type == "image/heic" and output.poster:  # which few browsers show
        return clip_poster(request, team, public_id, n)
    name = output.file if output.state == "stored" else ""
    return serve_stored(request, name, output.media_type, size=output.bytes)


@login_required
@require_safe
def clip_download(request: HttpRequest, team: str, public_id: str, n: int) -> HttpResponseBase:
    """Serves the same bytes as a download with a readable name. An output that could not be opened is sent
    as ``application/octet-stream``, for whatever program a person has for it."""
    output = output_or_404(request, team, public_id, n)
    if output.state == "unchecked":
        name, media_type = arrived.unchecked_name(output), "application/octet-stream"
        return serve_stored(request, output.file, media_type, size=output.bytes, download_name=name)
    file, name = output.file if output.state == "stored" else "", arrived.file_name(output.job, output)
    return serve_stored(request, file, output.media_type, size=output.bytes, download_name=name)


@login_required
@require_safe
def clip_poster(request: HttpRequest, team: str, public_id: str, n: int) -> HttpResponseBase:
    """Serves the still that stands for an output."""
    output = output_or_404(request, team, public_id, n)
    media_type = POSTER_TYPES.get(output.poster.rpartition(".")[2], "image/webp")
    return serve_stored(request, output.poster, media_type, fresh=FRESH_SECONDS)


def output_or_404(request: HttpRequest, team: str, public_id: str, n: int) -> Output:
    """The output ``n`` of a generation that this person may see; raises 404."""
    return access.output_for(access.member_of(request.user, team), public_id, n)


def serve_stored(
    request: HttpRequest,
    name: str,
    media_type: str,
    *,
    size: int | None = None,
    download_name: str | None = None,
    fresh: int = 0,
) -> HttpResponseBase:
    """Serves a file of the store. Raises 404 for what is not stored (yet), and FileMissing where a row
    names a file that is not there. A name in the store is the hash of its bytes, and serves as the ETag."""
    if not name:
        raise Http404
    return serve(
        request,
        Store(settings.MEDIA).path(name),
        content_type=media_type,
        etag=name.rpartition("/")[2],
        size=size,
        download_name=download_name,
        accel=settings.MEDIA_ACCEL,
        fresh=fresh,
    )
