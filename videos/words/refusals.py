"""Describes failures and refusals: what happened, and the one thing to do next.

The keys are the kinds of videos/vendors/contract.py and the few that the engine itself
writes. A test checks that every kind is in this table."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = Promise | str

# kind -> (what happened, what to do next, which button comes first)
KINDS: dict[str, tuple[Words, Words, str]] = {
    "auth": (
        _("The vendor does not accept this key"),
        _("Test the key on the Keys page, or add a new one, then try again."),
        "keys",
    ),
    "invalid_request": (
        _("The vendor refused the request"),
        _("Open Details for the vendor's own words, change the setting they name, and try again."),
        "change",
    ),
    "insufficient_credits": (
        _("The vendor account has too few credits"),
        _("Top up the account with the vendor, then try again."),
        "retry",
    ),
    "moderation": (
        _("The vendor's content check said no"),
        _("Say it in other words, or use another picture, and try again."),
        "change",
    ),
    "moderation_prompt": (
        _("The vendor's content check refused the prompt"),
        _("Say it in other words and try again."),
        "change",
    ),
    "moderation_image": (
        _("The vendor's content check refused a picture"),
        _("Use another picture and try again."),
        "change",
    ),
    "moderation_audio": (
        _("The vendor refused the sound it had made"),
        _("The same shot without sound usually passes: turn sound off and try again."),
        "change",
    ),
    "moderation_output": (
        _("The vendor made it, then refused to hand it out"),
        _("The same words often pass a second time; otherwise say it differently."),
        "retry",
    ),
    "real_person": (
        _("The vendor sees a real person in a picture"),
        _("Use a picture without a recognisable person and try again."),
        "change",
    ),
    "bad_prompt": (
        _("The vendor could not use the prompt"),
        _("Change the prompt and try again."),
        "change",
    ),
    "bad_image": (
        _("The vendor could not use a picture"),
        _("Use another picture, or bring it in again, and try again."),
        "change",
    ),
    "bad_option": (
        _("The vendor refused a setting"),
        _("Open Details for the setting it names, change it, and try again."),
        "change",
    ),
    "not_found": (
        _("The vendor does not know this address or task"),
        _("Check the key and the vendor's address with whoever runs this studio."),
        "keys",
    ),
    "conflict": (
        _("The vendor is still busy with the same request"),
        _("Nothing to do: we ask again with the same key, which cannot be charged twice."),
        "wait",
    ),
    "rate_limited": (
        _("The vendor asks us to slow down"),
        _("Nothing to do: it is sent as soon as the vendor allows."),
        "wait",
    ),
    "transient": (
        _("The vendor could not be reached"),
        _("Nothing to do: we try again by ourselves."),
        "wait",
    ),
    "unreachable": (
        _("The vendor could not be reached, several times over"),
        _("Try again later. If it stays like this, ask whoever runs this studio."),
        "retry",
    ),
    "server": (
        _("The vendor reports an error of its own"),
        _("Try again in a few minutes."),
        "retry",
    ),
    "protocol": (
        _("The vendor answered something we cannot read"),
        _("Look at Details, and tell whoever runs this studio."),
        "details",
    ),
    "failed": (
        _("The vendor could not make it"),
        _("Try again; if it fails twice, change the prompt."),
        "retry",
    ),
    "vendor_expired": (
        _("The vendor gave up: it took too long there"),
        _("Try again, or pick a shorter or smaller version."),
        "retry",
    ),
    "vendor_canceled": (
        _("The vendor cancelled it"),
        _("Try again; if it happens twice, ask the vendor."),
        "retry",
    ),
    "no_output": (
        _("The vendor says it is done, but gave no file"),
        _("Look again later: we keep asking."),
        "look",
    ),
    "no_answer": (
        _("Sent, but no answer came back"),
        _(
            "We will not send it again by ourselves. Decide what to do, or paste the task id from the vendor's site."
        ),
        "decide",
    ),
    "parked": (
        _("Restored from a backup: it may have been sent since"),
        _(
            "We will not send it by ourselves. Look in the vendor's own console: paste its task id, or decide what to do."
        ),
        "decide",
    ),
    "given_up": (
        _("Given up by hand"),
        _("Check the vendor's bill if you want to be sure."),
        "retry",
    ),
    "gone_wrong": (
        _("It could not be sent safely, so it was not sent"),
        _("Try again. If it happens twice, tell whoever runs this studio."),
        "retry",
    ),
    "key_gone": (
        _("Not sent: its key was deleted"),
        _("Make it again with another key."),
        "change",
    ),
    "lost": (
        _("Paid, but the vendor no longer knows it"),
        _("Ask the vendor's support with the task id from Details."),
        "details",
    ),
    "lost_check": (
        _("The content check may have stopped it"),
        _("The vendor no longer knows it. Say it in other words and try again."),
        "change",
    ),
    "download_gone": (
        _("It was made, but the vendor's link is dead"),
        _("Fetch it again: the vendor may give a fresh link."),
        "fetch",
    ),
    "download_network": (
        _("It was made, but could not be fetched"),
        _("We tried for a week. Fetch it again, or ask the vendor's support with the task id from Details."),
        "fetch",
    ),
    "download_stalled": (
        _("It was made, but fetching it stopped half way"),
        _("We tried for a week. Fetch it again, or ask the vendor's support with the task id from Details."),
        "fetch",
    ),
    "download_blocked": (
        _("It was made, but its address leads somewhere we do not go"),
        _(
            "Tell whoever runs this studio: the vendor's link leads to a private place, or to one that this kind of key may "
            "not fetch from."
        ),
        "details",
    ),
    "download_address": (
        _("It was made, but the vendor's link is no address that we can use"),
        _("Ask the vendor's support for the file, with the task id from Details."),
        "details",
    ),
    "download_not_https": (
        _("It was made, but the vendor's link is not encrypted"),
        _(
            "It is plain http, which anybody on the way could change, and https on the same server does not give the file. "
            "Fetch it again, or ask the vendor's support for an https link."
        ),
        "fetch",
    ),
    "download_too_big": (
        _("It was made, but the file is larger than this studio takes"),
        _("Ask whoever runs this studio to raise the limit, then fetch it again."),
        "fetch",
    ),
    "download_invalid": (
        _("It was made, but the file is broken"),
        _("Fetch it again; if it stays broken, ask the vendor."),
        "fetch",
    ),
    "download_disk_full": (
        _("It was made, but our disk is full"),
        _("Tell whoever runs this studio; then fetch it again."),
        "fetch",
    ),
    "download_machine": (
        _("It was made, but this studio's own machine could not keep the file"),
        _("Tell whoever runs this studio; then fetch it again."),
        "fetch",
    ),
    "download_unreadable": (
        _("It was made, but its address cannot be read any more"),
        _("Tell whoever runs this studio: the encryption keys have changed."),
        "details",
    ),
    "download_worker_gone": (
        _("It was made, but handling the file stopped our worker"),
        _("Tell whoever runs this studio, and fetch it again."),
        "fetch",
    ),
    "unchecked": (
        _("It arrived; this studio cannot show it"),
        _("Another program may open it. After an update of the studio, check it again."),
        "check",
    ),
}
UNKNOWN_KIND = (
    _("It came to nothing"),
    _("Open Details for the vendor's own words."),
    "details",
)
# Which buttons a card may show first.
ACTIONS = ("retry", "change", "keys", "wait", "look", "decide", "fetch", "check", "details")

# Verbs that do not fit (videos/jobs/verbs.py, CannotBe.code).
REFUSALS: dict[str, Words] = {
    "key_gone": _("The key of this one was deleted. Make it again with another key."),
    "moved_on": _("This has changed in the meantime. Look at it again before you decide."),
    "already_ended": _("This one has already ended; there is nothing to stop."),
    "not_a_ready_take": _("Only a take that is ready and not in the trash can be the one to keep."),
    "not_unknown": _("This has been settled in the meantime. Nothing was sent."),
    "bad_task_id": _("This does not look like a task id of this vendor."),
    "vendor_silent": _("The vendor did not answer just now. Try again in a minute."),
    "task_not_known": _("The vendor does not know a task with this id under this key."),
    "over_budget": _(
        "This month's budget does not allow a second request. The Budgets page says whom to ask for more."
    ),
    "task_failed": _("The vendor says that this task failed: there is nothing to bring in."),
    "key_refused": _("The vendor refuses this key. Test it on the Keys page."),
    "vendor_busy": _("The vendor asked us to slow down. Nothing was asked; try again in a minute."),
    "too_many_asked": _("You asked about several tasks just now. Wait a minute, then go on."),
    "key_of_a_colleague": _(
        "It was made with a colleague's own key, which asks the vendor for nobody else: ask them to do it."
    ),
    "purged": _("This was in the trash for too long: its files are gone."),
    "task_taken": _("This task already belongs to another clip of this studio."),
    "nothing_to_look_at": _("There is nothing to ask the vendor about."),
    "nothing_to_fetch": _("There is nothing to fetch."),
    "being_fetched": _("It is being fetched just now. Look at it again in a moment."),
    "no_safe_link": _("The vendor's link is not one that is safe to open."),
    "nothing_to_check": _("There is nothing to check: it can be shown, or its files are gone."),
    "being_checked": _("It is being checked just now. Look at it again in a moment."),
    "still_unchecked": _("It was checked again and still cannot be shown. It stays here as it is."),
    "file_gone": _("Its file is no longer in this studio. Tell whoever runs it."),
    "machine_busy": _("This studio's machine could not check it just now. It stays here; try again later."),
}


def describe_refusal(code: str) -> str:
    return str(REFUSALS[code])


def describe_failure(kind: str) -> tuple[str, str, str]:
    """Returns what happened, what to do next, and which button comes first."""
    title, do, action = KINDS.get(kind, UNKNOWN_KIND)
    return str(title), str(do), action
