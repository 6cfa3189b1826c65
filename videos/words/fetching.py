"""Describes why a finished film could not be downloaded yet, while the download is still retried."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from videos.models import Job

# Job.kind (videos/jobs/fetching/obstacles.py) -> what keeps it from coming
REASONS: dict[str, Promise] = {
    "fetch_dns": _("The name of the server in the vendor's link leads nowhere just now."),
    "fetch_connect": _("The server with the file does not answer."),
    "fetch_tls": _("The server with the file shows a certificate that we cannot accept."),
    "fetch_cut": _("The server with the file breaks off before the end."),
    "fetch_silent": _("The server with the file falls silent half way."),
    "fetch_slow": _("The server with the file is too slow for one try."),
    "fetch_redirects": _("The vendor's link leads in circles."),
    "fetch_encoded": _("The file comes packed and cannot be unpacked."),
    "fetch_server": _("The server with the file reports an error of its own (%(status)s)."),
    "fetch_busy": _("The server with the file asks us to slow down."),
    "fetch_refused": _("The server with the file refuses the vendor's link (%(status)s)."),
    "fetch_dead": _("The vendor's link is dead (%(status)s); we ask the vendor for a fresh one."),
    "fetch_not_https": _(
        "The vendor's link is plain http, and over https its server does not give the file."
    ),
    "fetch_machine": _("This studio's own machine cannot keep it: tell whoever runs this studio."),
    "fetch_unreadable": _("The vendor's link cannot be read: our encryption keys have changed."),
}


def describe_obstacle(job: Job) -> str:
    """Returns what prevents the download and what a person can do; '' before it was tried three times."""
    reason = REASONS.get(job.kind)
    if reason is None:
        return ""
    what = str(reason) % {"status": job.code.removeprefix("status_")}
    return gettext("%(what)s We keep trying; its page can fetch it now.") % {"what": what}
