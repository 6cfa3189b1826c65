"""Describes the events of a job in one line each, for its history."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from videos.models import Event

from .refusals import KINDS

LINES: dict[str, Promise] = {
    "job.created": _("Asked for"),
    "job.imported": _("Made elsewhere, and brought in by its task id"),
    "job.cancel": _("Taken back before it was sent"),
    "job.claim": _("Being sent to the vendor"),
    "job.accepted": _("The vendor took it"),
    "job.not_sent": _("It did not reach the vendor, or the vendor asked to wait; nothing was charged"),
    "job.refused": _("The vendor refused it"),
    "job.unreachable": _("The vendor could not be reached, several times over"),
    "job.no_answer": _("No answer came back; it may have been charged"),
    "job.replay": _("Asked again under the same key, which cannot be charged twice"),
    "job.unclear": _("The answer was lost; the same request is repeated under the same key"),
    "job.conflict": _(
        "The vendor says that another request came under its key; it was the same each time. Tell whoever runs this studio"
    ),
    "job.confirmed": _("The vendor confirmed that it has the task"),
    "job.try_again": _("Sent once more by hand, knowing it may be charged twice"),
    "job.heard": _(
        "News came of the earlier request: the vendor is asked about it, and nothing is sent again meanwhile"
    ),
    "job.give_up": _("Given up by hand"),
    "job.made": _("The vendor is done; our copy is being made"),
    "job.no_file": _("The vendor said ten times in a row that it is done, and gave no file; it is asked on"),
    "job.verdict": _("The vendor could not make it"),
    "job.overdue": _("Longer than expected; we keep looking"),
    "job.forgotten": _("The vendor no longer knows it"),
    "job.stored": _("Stored here, checked and playable"),
    "job.dead_link": _("The file could not be fetched"),
    "job.fetch_again": _("Fetched once more by hand"),
    "job.checked_again": _("Checked again by hand, and it can be shown now"),
    "job.gone_wrong": _("It could not be sent safely, so it was not sent"),
    "job.called_back": _("The vendor called back"),
    "job.told": _("Taken from what the vendor called back with: it could not be asked"),
    "job.stopped": _("Watching was stopped by hand; it may still be charged"),
    "job.look_again": _("Asked the vendor now, by hand"),
    "take.kept": _("Picked as the one to keep of its takes"),
    "take.let_go": _("No longer the one to keep"),
    "job.trashed": _("Moved to the trash"),
    "job.restored": _("Taken out of the trash"),
    "job.purged": _("Its files were deleted after their time in the trash"),
    "job.parked": _("The studio was restored from a backup; whether this was sent since, nobody here knows"),
}


def describe_event(row: Event, *, amounts: bool = True) -> str:
    """Returns one line for an event; one of an unknown verb is shown by the verb. ``amounts``: whether
    the reader may know how much was paid."""
    line = str(LINES.get(row.verb, row.verb))
    if amounts and (odd := row.data.get("odd")):
        line = gettext(
            "%(line)s; it names an amount that cannot be right (%(odd)s), which is not counted"
        ) % {
            "line": line,
            "odd": odd,
        }
    kind = row.data.get("kind")
    if kind in KINDS and str(KINDS[kind][0]) != line:
        return gettext("%(line)s: %(why)s") % {"line": line, "why": KINDS[kind][0]}
    if row.verb == "job.stored" and row.data.get("unchecked") and not row.data.get("stored"):
        return gettext("It arrived and is kept as it came; this studio cannot show it")
    if row.verb == "job.stored" and row.data.get("stored") != row.data.get("of"):
        return gettext("%(line)s: %(stored)s of %(of)s") % {"line": line, **row.data}
    return line
