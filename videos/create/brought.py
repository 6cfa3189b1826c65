"""Pictures that people bring: cleaned, kept once per team, named by their content."""

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext

from videos.keeping import quota
from videos.media.store import Store
from videos.models import Membership, Output, Upload, clock
from videos.uploads.pictures import BadPicture, Cleaned, clean

SUFFIX = {"image/jpeg": ".jpg", "image/png": ".png"}


def bring(member: Membership, file: UploadedFile) -> Upload:
    """The picture as one of the team's. The same picture twice is one row. Raises BadPicture."""
    _needs_room(member)
    return _keep(member, clean(file.file), file.name or "picture")


def keep(member: Membership, frame: Output) -> Upload:
    """A picture that was made here, as one that may be sent. Raises BadPicture."""
    _needs_room(member)
    with Store(settings.MEDIA).open(frame.file) as file:
        return _keep(member, clean(file), frame.file.rpartition("/")[2][:12])


def _needs_room(member: Membership) -> None:
    if storage := quota.full(member.team):
        raise BadPicture("team_full", {"used_bytes": storage.used, "limit_bytes": storage.limit})


def _keep(member: Membership, cleaned: Cleaned, name: str) -> Upload:
    upload, new = Upload.objects.get_or_create(
        team=member.team,
        sha256=cleaned.sha256,
        defaults={
            "file": Store(settings.MEDIA).put(cleaned.data, SUFFIX[cleaned.media_type]),
            "media_type": cleaned.media_type,
            "width": cleaned.width,
            "height": cleaned.height,
            "bytes": len(cleaned.data),
            "name": name[-120:],
            "notes": list(cleaned.notes),
            "created_by": member.user,
        },
    )
    mine = Upload.objects.filter(pk=upload.pk)
    if not new and not mine.update(trashed_at=None, brought_at=clock.now()):
        return _keep(member, cleaned, name)  # it was old, unused, and deleted this instant
    return upload


def said(bad: BadPicture, name: str) -> str:
    """Why a picture was not taken, with the limit."""
    sentences = {
        "empty": gettext("%(name)s is empty."),
        "team_full": gettext("%(name)s was not kept: the team's storage is full (%(used_bytes)s of %(limit_bytes)s)."),
        "too_big": gettext("%(name)s is larger than %(limit_mb)s MB."),
        "not_a_picture": gettext("%(name)s is no picture that can be read (PNG, JPEG, WebP or GIF)."),
        "too_many_pixels": gettext("%(name)s has more than %(limit_mp)s million pixels."),
        "too_small": gettext("%(name)s is too small: its short side has %(side)s pixels and needs %(limit)s."),
        "bad_shape": gettext("%(name)s is too long or too tall: its shape is %(shape)s, and %(minimum)s to %(maximum)s is taken."),
    }  # fmt: skip
    sizes = {label: filesizeformat(value) for label, value in bad.values.items() if label.endswith("_bytes")}
    return sentences[bad.code] % {"name": name, **bad.values, **sizes}
