"""Names why a file does not come, and holds what a person can do meanwhile."""

from videos import access, vault
from videos.jobs import freeze
from videos.jobs.account import routes
from videos.jobs.exceptions import CannotBe
from videos.jobs.transitions import By, record, touch
from videos.media.present import is_present
from videos.models import Job, Membership, Output, clock
from videos.network.addresses import BlockedAddress, check_url
from videos.states import State
from videos.vendors import registry

SHOWN_AFTER = 3  # failed rounds in a row, until the card says why
FRESH_EVERY = 3  # tries of an output, after which the vendor is asked for a fresh link
STATES_WITH_LINK = (State.DOWNLOADING, State.DOWNLOAD_FAILED)

# Why an address is refused by its text alone (BlockedAddress.reason).
MALFORMED_ADDRESS = frozenset(
    (
        "too_long",
        "control_characters",
        "scheme",
        "backslash",
        "userinfo",
        "look_alike",
        "malformed",
        "odd_number",
        "port",
    )
)

_BY_DETAIL = {
    "dns": "dns", "connect": "connect", "tls": "tls", "redirects": "redirects", "encoded": "encoded",
    "idle": "silent", "deadline": "slow", "status_403": "refused", "status_429": "busy",
}  # fmt: skip
_BY_WHY = {"gone": "dead", "not_https": "not_https", "unreadable": "unreadable", "machine": "machine"}


def kind(why: str, detail: str) -> str:
    """The ``Job.kind`` for ``why`` and ``detail`` of an Output that does not come: ``fetch_`` and a word
    that videos/words/fetching.py has a sentence for."""
    if why in _BY_WHY and detail != "status_403":
        return f"fetch_{_BY_WHY[why]}"
    if detail in _BY_DETAIL:
        return f"fetch_{_BY_DETAIL[detail]}"
    if detail.startswith("status_5"):
        return "fetch_server"
    return "fetch_refused" if detail.startswith("status_") else "fetch_cut"


def missing(job: Job) -> bool:
    """Whether a stored file of this finished job has gone from the store, and may be fetched again."""
    if job.state != State.SUCCEEDED or job.purged_at:
        return False
    stored = job.outputs.filter(state="stored").defer("url_sealed")
    return not all(is_present(output) for output in stored)


def stuck(job: Job) -> bool:
    """Do its downloads keep failing, so that the card says so?"""
    return job.state == State.DOWNLOADING and job.kind.startswith("fetch_")


def fetch_now(job: Job, by: By) -> None:
    """Make the next try due now. Raises CannotBe while a worker is fetching, and Overtaken."""
    if job.lease_until and job.lease_until > clock.now():
        raise CannotBe("being_fetched")
    touch(job, next_at=clock.now())
    record(job, "job.fetch_again", by)


def link(member: Membership, job: Job) -> str:
    """The vendor's own address of a file that did not come, where it is safe to open: https at a
    public place (or the sandbox's, of a rehearsal). Raises CannotBe.

    The address is a capability, so no page contains it: a redirect leads those there who may make
    clips."""
    access.require(member, "make")
    waiting = (
        job.outputs.filter(state__in=["waiting", "dead"])
        if job.state in STATES_WITH_LINK
        else Output.objects.none()
    )
    for output in waiting:
        output.job = job
        if url := _safe(output):
            return url
    raise CannotBe("no_safe_link")


def has_link(member: Membership, job: Job) -> bool:
    """Whether ``link`` leads anywhere."""
    try:
        return bool(link(member, job))
    except (CannotBe, access.Forbidden):
        return False


def _safe(output: Output) -> str:
    """The address of ``output`` where it passes every check of a download; else empty."""
    job = output.job
    try:
        route = routes.route(job.vendor, rehearsal=job.rehearsal)
        url = route.allow(freeze.open_url(output))
        address = check_url(url, trusted=route.trusted)
    except (BlockedAddress, routes.Crossed, vault.KeyUnreadable, registry.UnknownVendor):
        return ""
    return address.url
