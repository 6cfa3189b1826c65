"""What a vendor delivers and nothing opens, and how a job stands after it."""

from django.conf import settings

from tests.jobs import faulty_vendor as says
from tests.jobs.engine import drive, looked, sent
from tests.network import faults
from videos.jobs.fetching import storing
from videos.media.probe import BadMedia, probe
from videos.media.store import Store

GONE = faults.answers(403, b"<Error><Code>AccessDenied</Code></Error>")


def file(body, media_type="video/mp4"):
    return faults.answers(body=body, content_type=media_type)


def made(member, vendor, *files):
    names = [f"{n}.mp4" for n in range(len(files))]
    vendor.looks = [says.made(*(f"{vendor.url}/{name}" for name in names))]
    vendor.files = {f"/{name}": behaviour for name, behaviour in zip(names, files, strict=True)}
    return looked(sent(member, vendor))


def driven(job, most=9):
    """Nudges until it is no longer being fetched; the job, and how many it took."""
    for n in range(1, most + 1):
        job = drive(job)
        if job.state != "downloading":
            return job, n
    raise AssertionError(list(job.outputs.values()))


def stands(job):
    return job.state, job.kind, [(one.state, one.detail) for one in job.outputs.all()]


def bytes_of(output):
    return Store(settings.MEDIA).path(output.file).read_bytes()


def blind(monkeypatch, reason="codec", times=99):
    """The studio as it is before an update: it cannot open what comes ``times`` times."""
    left = [times]

    def look(part, kind, **more):
        if left[0]:
            left[0] -= 1
            raise BadMedia(reason)
        return probe(part, kind, **more)

    monkeypatch.setattr(storing, "probe", look)
