"""Takes in the pictures and short films that people upload: each is cleaned in a child process, stored once
per team, and named by the SHA-256 of its bytes."""

import contextlib
import errno
import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext

from videos import authority, quota
from videos.media import child_slots, formats, rework
from videos.media.present import is_present
from videos.media.store import Store, digest
from videos.models import Membership, Output, Upload, clock
from videos.spelling import nfc
from videos.uploads import films, pictures
from videos.uploads.kinds import kind_from_head
from videos.uploads.pictures import BadPicture, Cleaned
from videos.uploads.receiving import ReceivedFile

log = logging.getLogger(__name__)
SUFFIX = {"image/jpeg": ".jpg", "image/png": ".png"}
# Seconds that a person's sending waits in all while others' files are opened. Afterwards its page
# says so and sends again: a thread of the web server is not held for longer.
OPENING_SECONDS = 20.0
STATUS_OF_REFUSAL = {
    "busy": 503,
    "machine": 503,
    "disk_full": 507,
}  # HTTP status by BadPicture code, where the file is not at fault
DISK_FULL_ERRNOS = (errno.ENOSPC, errno.EDQUOT)


def import_files(
    member: Membership, files: Iterable[ReceivedFile]
) -> tuple[list[tuple[ReceivedFile, Upload]], list[str]]:
    """Takes in several files. Returns the uploads that were made, with the role and file of each, and a
    sentence about each file that was refused."""
    imported, refused = [], []
    with child_slots.waiting(OPENING_SECONDS):
        for role, file in files:
            try:
                imported.append(((role, file), import_file(member, file)))
            except BadPicture as bad:
                refused.append(describe_refusal(bad, file.name or ""))
    return imported, refused


def import_file(member: Membership, file: UploadedFile) -> Upload:
    """Takes in one file as an upload of the team. The same content twice is one row. Raises BadPicture."""
    name = file.name or "picture"
    head = file.file.read(formats.HEAD)
    file.file.seek(0)
    with _part_files(member) as part:
        path = _path_of_upload(file, part(0))
        if kind_from_head(head) == "film":
            return _keep_film(member, films.clean(path, part(1), part(2)), part(1), part(2), name)
        return _keep(member, pictures.clean(path, part(1)), part(1), name)


def keep_still(member: Membership, made: Output) -> Upload:
    """Makes an upload of a picture that was generated here, so that it can be sent to a vendor. Raises
    BadPicture."""
    with _part_files(member) as part:
        return _keep(member, pictures.clean(_path_of(made), part(0)), part(0), _name(made))


def keep_frame(member: Membership, film: Output, seconds: float) -> Upload:
    """Makes an upload of the frame that a stored film shows at ``seconds``. Raises BadPicture."""
    with _part_files(member) as part:
        try:
            rework.frame_at(_path_of(film), seconds, part(0))
        except rework.BadMedia:
            raise BadPicture("no_frame") from None
        cleaned = pictures.clean(part(0), part(1), most=None)
        return _keep(member, cleaned, part(1), f"{_name(film)} {seconds:.2f} s")


def keep_clip(member: Membership, film: Output) -> Upload:
    """Makes an upload of a whole stored film, so that it can be sent to a vendor. Raises BadPicture."""
    with _part_files(member) as part:
        cleaned = films.clean(_path_of(film), part(0), part(1))
        return _keep_film(member, cleaned, part(0), part(1), _name(film))


def _name(made: Output) -> str:
    """The name of an upload that is made from a result: the first 60 characters of its prompt, else the
    start of its hash."""
    words = " ".join(made.job.prompt.text.split())
    return words[:60].strip() or made.file.rpartition("/")[2][:12]


def _path_of(made: Output) -> Path:
    """The path of the stored file. Raises BadPicture where the store does not have all of it."""
    if not is_present(made):
        raise BadPicture("file_missing")
    return Store(settings.MEDIA).path(made.file)


@contextmanager
def _part_files(member: Membership) -> Iterator[Callable[[int], Path]]:
    """Gives numbered part files beside the store, so that keeping one is a rename, and deletes them at the
    end. Errors of this machine (no free child slot, a full disk, a file that was deleted meanwhile) become
    codes of their own, because they are no fault of the file. Raises BadPicture."""
    store, owner = Store(settings.MEDIA), f"{os.getpid()}-{time.monotonic_ns()}"
    try:
        _require_room(member, store)
        with child_slots.waiting(OPENING_SECONDS):
            yield lambda n: store.part(owner, "brought", n)
    except child_slots.Busy:
        raise BadPicture("busy") from None
    except FileNotFoundError as error:  # deleted since it was checked
        raise BadPicture("file_missing") from error
    except OSError as error:
        log.error("a file that was brought could not be opened: %s", error.strerror or type(error).__name__)
        raise BadPicture("disk_full" if error.errno in DISK_FULL_ERRNOS else "machine") from error
    finally:
        for n in range(3):
            with contextlib.suppress(OSError):
                store.part(owner, "brought", n).unlink(missing_ok=True)


def _require_room(member: Membership, store: Store) -> None:
    """Raises BadPicture where the team's storage or the disk is full."""
    if storage := quota.full(member.team):
        raise BadPicture("team_full", {"used_bytes": storage.used, "limit_bytes": storage.limit})
    if store.free_bytes() < settings.DISK_RESERVE:
        raise BadPicture("disk_full")


def _path_of_upload(file: UploadedFile, part: Path) -> Path:
    """A path that the child process can open: Django's temporary file for a long upload, else ``part``,
    written here."""
    if hasattr(file, "temporary_file_path"):
        return Path(file.temporary_file_path())
    with open(part, "wb") as out:
        for chunk in file.chunks():
            out.write(chunk)
    return part


def _keep(member: Membership, cleaned: Cleaned, part: Path, name: str) -> Upload:
    return _row(
        member,
        cleaned.sha256,
        name,
        file=Store(settings.MEDIA).keep(part, cleaned.sha256, SUFFIX[cleaned.media_type]),
        media_type=cleaned.media_type,
        width=cleaned.width,
        height=cleaned.height,
        bytes=cleaned.bytes,
        notes=list(cleaned.notes),
    )


def _keep_film(member: Membership, cleaned: films.CleanedFilm, film: Path, poster: Path, name: str) -> Upload:
    store, facts, sha256 = Store(settings.MEDIA), cleaned.facts, digest(film)
    return _row(
        member,
        sha256,
        name,
        file=store.keep(film, sha256, ".mp4"),
        poster=store.keep(poster, digest(poster), ".jpg"),
        media_type="video/mp4",
        width=facts.width,
        height=facts.height,
        seconds=facts.seconds,
        bytes=facts.bytes,
        notes=list(cleaned.notes),
    )


def _row(member: Membership, sha256: str, name: str, **columns: object) -> Upload:
    """The team's upload of this content: a new row, or the existing one taken out of the trash."""
    with authority.acting(member, "make"):
        upload, new = Upload.objects.get_or_create(
            team=member.team,
            sha256=sha256,
            # A Mac sends the "ö" of a name as two characters, and a search types it as one.
            defaults={
                "name": nfc(name)[-120:],
                "created_by": member.user,
                **columns,
            },
        )
        mine = Upload.objects.filter(pk=upload.pk)
        if not new and not mine.update(trashed_at=None, brought_at=clock.now()):
            return _row(
                member, sha256, name, **columns
            )  # an old, unused upload, deleted between the two queries
    return upload


def describe_refusal(bad: BadPicture, name: str) -> str:
    """Why a file was not taken, with the limit that it broke, as a sentence for people."""
    sentences = {
        "empty": gettext("%(name)s is empty."),
        "file_missing": gettext(
            "The file of %(name)s is missing from this studio. Its page says how it can come back."
        ),
        "team_full": gettext("%(name)s was not kept: the team's storage is full (%(used_bytes)s of %(limit_bytes)s)."),
        "too_big": gettext("%(name)s is larger than %(limit_mb)s MB."),
        "disk_full": gettext("%(name)s was not kept: this studio's disk is full. Whoever runs it has to make room."),
        "busy": gettext("%(name)s was not opened yet: the studio opens a few files at a time, and others came first. Send it again in a moment."),
        "machine": gettext("%(name)s could not be opened: something is wrong with this studio's machine, and not with the file. Send it again in a moment; if it stays so, tell whoever runs the studio."),
        "not_a_picture": gettext("%(name)s is no picture that can be read (JPEG, PNG, WebP, GIF, AVIF or HEIC)."),
        "other_format": gettext("%(name)s is a file in the format %(format)s, which is not taken. Save it as JPEG or PNG, and bring that."),
        "cut_short": gettext("%(name)s is cut short or damaged: only a part of the picture is there. Bring it again from where it came."),
        "too_costly": gettext("%(name)s takes more memory or time to open than any picture should. Save it anew as JPEG or PNG, and bring that."),
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
