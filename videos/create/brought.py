"""Pictures that people bring: cleaned, kept once per team, named by their content."""

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext

from videos.media.store import Store
from videos.models import Membership, Output, Upload
from videos.uploads.pictures import BadPicture, Cleaned, clean

SUFFIX = {"image/jpeg": ".jpg", "image/png": ".png"}


def bring(member: Membership, file: UploadedFile) -> Upload:
    """The picture as one of the team's. The same picture twice is one row. Raises BadPicture."""
    return _keep(member, clean(file.file), file.name or "picture")


def keep(member: Membership, frame: Output) -> Upload:
    """A picture that was made here, as one that may be sent. Raises BadPicture."""
    with Store(settings.MEDIA).open(frame.file) as file:
        return _keep(member, clean(file), frame.file.rpartition("/")[2][:12])


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
    if not new and upload.trashed_at:
        Upload.objects.filter(pk=upload.pk).update(trashed_at=None)
    return upload


def said(bad: BadPicture, name: str) -> str:
    """Why a picture was not taken, with the limit."""
    sentences = {
        "empty": gettext("%(name)s is empty."),
        "too_big": gettext("%(name)s is larger than %(limit_mb)s MB."),
        "not_a_picture": gettext("%(name)s is no picture that can be read (PNG, JPEG, WebP or GIF)."),
        "too_many_pixels": gettext("%(name)s has more than %(limit_mp)s million pixels."),
        "too_small": gettext("%(name)s is too small: its short side has %(side)s pixels and needs %(limit)s."),
        "bad_shape": gettext("%(name)s is too long or too tall: its shape is %(shape)s, and %(minimum)s to %(maximum)s is taken."),
    }  # fmt: skip
    return sentences[bad.code] % {"name": name, **bad.values}
