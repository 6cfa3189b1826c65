"""What an unguessable address opens. No session is asked: whoever has the address may."""

from videos.access import one
from videos.models import Job, JobPicture


def picture_behind(link_hash: str) -> JobPicture:
    """The picture that a vendor fetches, or 404."""
    return one(JobPicture.objects.select_related("job", "upload"), link_hash=link_hash)


def job_called_back(callback_hash: str, vendor: str) -> Job:
    return one(Job.objects.all(), callback_hash=callback_hash, vendor=vendor)
