"""Pictures and short films that people bring: cleaned, kept once per team, named by content."""

import os
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext

from videos import authority
from videos.keeping import quota
from videos.media import rework
from videos.media.present import present
from videos.media.store import Store, digest
from videos.models import Membership, Output, Upload, clock
from videos.uploads import films, heic, pictures
from videos.uploads.kinds import seems
from videos.uploads.pictures import BadPicture, Cleaned

SUFFIX = {"image/jpeg": ".jpg", "image/png": ".png"}


def bring(member: Membership, file: UploadedFile) -> Upload:
    """The file as one of the team's. The same twice is one row. Raises BadPicture."""
    _needs_room(member)
    name = file.name or "picture"
    kind = seems(file.file.read(12))
    file.file.seek(0)
    if kind == "picture":
        return _keep(member, pictures.clean(file.file), name)
    with _parts() as part:
        part(0).write_bytes(file.file.read(films.MAX_BYTES + 1))
        if kind == "heif":
            return _keep(member, heic.clean(part(0), part(1)), name)
        return _keep_film(member, films.clean(part(0), part(1), part(2)), part(1), part(2), name)


def keep(member: Membership, made: Output) -> Upload:
    """A picture that was made here, as one that may be sent. Raises BadPicture."""
    _needs_room(member)
    with _file_of(made) as file:
        return _keep(member, pictures.clean(file), _name(made))


def keep_frame(member: Membership, film: Output, seconds: float) -> Upload:
    """What a stored film shows at ``seconds``, as a picture. Raises BadPicture."""
    _needs_room(member)
    with _parts() as part:
        try:
            with _file_of(film):
                rework.frame_at(Store(settings.MEDIA).path(film.file), seconds, part(0))
        except rework.BadMedia:
            raise BadPicture("no_frame") from None
        return _keep(member, pictures.made(part(0).read_bytes()), f"{_name(film)} {seconds:.2f} s")


def keep_clip(member: Membership, film: Output) -> Upload:
    """All of a stored film, as a video that may be sent. Raises BadPicture."""
    _needs_room(member)
    with _parts() as part:
        with _file_of(film):
            cleaned = films.clean(Store(settings.MEDIA).path(film.file), part(0), part(1))
        return _keep_film(member, cleaned, part(0), part(1), _name(film))


def _name(made: Output) -> str:
    words = " ".join(made.job.prompt.text.split())
    return words[:60].strip() or made.file.rpartition("/")[2][:12]


def _file_of(made: Output) -> BinaryIO:
    """The stored file, open for reading. Raises BadPicture where the store does not have it whole."""
    try:
        if present(made):
            return Store(settings.MEDIA).open(made.file)
    except OSError:
        pass  # it went this instant
    raise BadPicture("file_missing")


def _needs_room(member: Membership) -> None:
    if storage := quota.full(member.team):
        raise BadPicture("team_full", {"used_bytes": storage.used, "limit_bytes": storage.limit})


@contextmanager
def _parts() -> Iterator[Callable[[int], Path]]:
    """Files of ours beside the store, so that keeping one is a rename; gone afterwards."""
    store, owner = Store(settings.MEDIA), f"{os.getpid()}-{time.monotonic_ns()}"
    try:
        yield lambda n: store.part(owner, "brought", n)
    finally:
        for n in range(3):
            store.part(owner, "brought", n).unlink(missing_ok=True)


def _keep(member: Membership, cleaned: Cleaned, name: str) -> Upload:
    return _row(
        member, cleaned.sha256, name,
        file=Store(settings.MEDIA).put(cleaned.data, SUFFIX[cleaned.media_type]), media_type=cleaned.media_type,
        width=cleaned.width, height=cleaned.height, bytes=len(cleaned.data), notes=list(cleaned.notes),
    )  # fmt: skip


def _keep_film(member: Membership, cleaned: films.CleanedFilm, film: Path, poster: Path, name: str) -> Upload:
    store, facts, sha256 = Store(settings.MEDIA), cleaned.facts, digest(film)
    return _row(
        member, sha256, name, file=store.keep(film, sha256, ".mp4"), poster=store.keep(poster, digest(poster), ".jpg"),
        media_type="video/mp4", width=facts.width, height=facts.height, seconds=facts.seconds, bytes=facts.bytes,
        notes=list(cleaned.notes),
    )  # fmt: skip


def _row(member: Membership, sha256: str, name: str, **columns: object) -> Upload:
    with authority.acting(member, "make"):
        upload, new = Upload.objects.get_or_create(
            team=member.team,
            sha256=sha256,
            # A Mac sends "o" and the dots apart; nobody types them so.
            defaults={
                "name": unicodedata.normalize("NFC", name)[-120:],
                "created_by": member.user,
                **columns,
            },
        )
        mine = Upload.objects.filter(pk=upload.pk)
        if not new and not mine.update(trashed_at=None, brought_at=clock.now()):
            return _row(member, sha256, name, **columns)  # it was old, unused, and deleted this instant
    return upload


def said(bad: BadPicture, name: str) -> str:
    """Why a picture was not taken, with the limit."""
    sentences = {
        "empty": gettext("%(name)s is empty."),
        "file_missing": gettext(
            "The file of %(name)s is missing from this studio. Its page says how it can come back."
        ),
        "team_full": gettext("%(name)s was not kept: the team's storage is full (%(used_bytes)s of %(limit_bytes)s)."),
        "too_big": gettext("%(name)s is larger than %(limit_mb)s MB."),
        "not_a_picture": gettext("%(name)s is no picture that can be read (JPEG, PNG, WebP, GIF or HEIC)."),
        "too_many_pixels": gettext("%(name)s has more than %(limit_mp)s million pixels."),
        "too_small": gettext("%(name)s is too small: its short side has %(side)s pixels and needs %(limit)s."),
        "film_too_big": gettext("%(name)s is larger than %(limit_mb)s MB."),
        "not_a_film": gettext("%(name)s is no film that can be read (MP4 or MOV)."),
        "film_truncated": gettext("%(name)s ends too early: a part of the film is missing. Save or send it once more."),
        "film_tracks": gettext("%(name)s holds more than %(limit)s tracks. Export the film with its picture and sound only."),
        "film_too_costly": gettext("%(name)s takes too long to open or to cut. Export the film as a shorter or smaller one."),
        "film_codec": gettext("%(name)s is a film in %(found)s; H.264, H.265, AV1, VP9 and MPEG-4 are taken. Export it as H.264."),
        "film_fps": gettext("%(name)s has %(found)s pictures a second; %(minimum)s to %(maximum)s are taken."),
        "film_size": gettext("The film in %(name)s has %(found)s pixels; each side needs %(minimum)s to %(maximum)s."),
        "film_length": gettext("%(name)s runs %(seconds)s seconds; %(minimum)s to %(maximum)s are taken."),
        "film_sides": gettext("%(name)s has %(width)s × %(height)s pixels; each side needs %(minimum)s to %(maximum)s."),
        "no_frame": gettext("%(name)s shows no picture at that moment."),
        "bad_shape": gettext("%(name)s is too long or too tall: its shape is %(shape)s, and %(minimum)s to %(maximum)s is taken."),
    }  # fmt: skip
    sizes = {label: filesizeformat(value) for label, value in bad.values.items() if label.endswith("_bytes")}
    return sentences[bad.code] % {"name": name, **bad.values, **sizes}
