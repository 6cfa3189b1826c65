"""Says on the keys page whether vendors can reach this studio from the internet, and what to do where they
cannot."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from videos import access
from videos.jobs.running import reach
from videos.models import CallbackDelivery, JobPicture, Membership


@dataclass(frozen=True, slots=True)
class Reachability:
    """The result as the page shows it. ``tone``: as notes have it. ``came``: when a vendor last reached the
    studio from outside."""

    url: str
    tone: str
    says: str
    do: str
    at: datetime | None
    trying: bool
    came: datetime | None
    may_try: bool


def reachability(member: Membership) -> Reachability:
    """The last result of the worker's own try, and the last visit of a vendor."""
    found = reach.last_result()
    tone, says, do = describe_reach(found)
    return Reachability(
        url=settings.PUBLIC_URL,
        tone=tone,
        says=says,
        do=do,
        at=found.at if found else None,
        trying=found is not None and found.verdict == "trying",
        came=last_vendor_visit(member),
        may_try=access.can(member, "manage"),
    )


def last_vendor_visit(member: Membership) -> datetime | None:
    """When a vendor last fetched a picture or called back, which is the only proof from outside; None if
    never."""
    real = access.presses_for(member).filter(rehearsal=False)
    fetched = JobPicture.objects.filter(job__in=real, fetched_at__isnull=False).order_by("-pk")
    called = CallbackDelivery.objects.filter(job__in=real).order_by("-pk")
    times = [
        *fetched.values_list("fetched_at", flat=True)[:1],
        *called.values_list("received_at", flat=True)[:1],
    ]
    return max(times, default=None)


def describe_reach(found: reach.Reached | None) -> tuple[str, str, str]:
    """(tone, what was found, what to do about it)."""
    if found is None:
        return "info", _("Nobody has tried this address yet."), ""
    rehearse = _("Rehearsals work without it; so do models that take pictures inside the request.")
    setting = {"setting": "STUDIO_PUBLIC_URL"}
    return {
        "trying": ("info", _("The worker is trying it now."), ""),
        "nobody_tried": (
            "warn",
            _("Nobody took up the try: no worker is running."),
            _("Have whoever runs this studio start the worker, then try again."),
        ),
        "works": (
            "good",
            _("The worker reached the studio at this address: its name, its certificate and what stands before it are right."),
            _("It asked from the machine it runs on. A firewall that lets only some in would not show here; a vendor's visit does."),
        ),
        "not_set": (
            "warn",
            _("No public address is set: vendors cannot fetch pictures here, nor call back."),
            _("Whoever runs this studio sets %(setting)s to its public https address and starts it again.") % setting + " " + rehearse,
        ),
        "not_https": (
            "bad",
            _("The address is not https: vendors do not fetch from it."),
            _("Put a certificate before the studio and set %(setting)s to the https address.") % setting + " " + rehearse,
        ),
        "private": (
            "bad",
            _("From here the address leads into a private network, where no vendor gets."),
            _("Set %(setting)s to a name that leads to the studio from the internet. If it does, and only this network sees another address, name its host in %(trusted)s and try again.")
            % (setting | {"trusted": "STUDIO_TRUSTED_HOSTS"}),
        ),
        "no_name": (
            "bad",
            _("Nobody knows the name in this address."),
            _("Check its spelling in %(setting)s, and that its DNS entry exists.") % setting,
        ),
        "no_answer": (
            "bad",
            _("Nothing answers at this address."),
            _("Check that its port is open to the internet and leads to the studio. Some networks cannot reach their own public address: then a vendor's visit is the proof."),
        ),
        "tls": (
            "bad",
            _("The certificate at this address is not valid: vendors refuse it."),
            _("Renew it, or have it issued for this very name by an authority that everybody trusts."),
        ),
        "other_answer": (
            "bad",
            _("Something else answers at this address (HTTP %(status)s).") % {"status": found.status},
            _("What stands before the studio must pass every path on to it, without a sign-in and without redirects."),
        ),
    }[found.verdict]  # fmt: skip
