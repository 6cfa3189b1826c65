"""Asks a vendor one free question about a task that a person named, while they wait for the answer."""

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from videos import vault
from videos.jobs.account import rates, routes
from videos.jobs.exceptions import CannotBe
from videos.models import Event, Membership, VendorKey, clock
from videos.network import exchange
from videos.vendors import registry
from videos.vendors.contract import CheckOutcome

DEADLINE = 20.0  # seconds
QUESTIONS_PER_MINUTE = 6  # per person: else the form could be used to try out ids


def ticket(vendor: str, task_id: str) -> dict[str, str]:
    """The ticket with which the vendor is asked. Raises CannotBe where this is no id of its kind."""
    try:
        return dict(registry.vendor(vendor).adopt(task_id))
    except ValueError:
        raise CannotBe("bad_task_id") from None


def count_question(member: Membership, key: VendorKey) -> None:
    """Write down one more question of ``member``. Raises CannotBe where they asked too many in a minute."""
    since = clock.later(-settings.DURATIONS["presses_window"])
    with transaction.atomic():
        # The key's row is locked first, so that two presses at once count one after the other.
        VendorKey.objects.select_for_update().filter(pk=key.pk).first()
        minute = Q(
            at__gt=since, at__lte=clock.later(60)
        )  # later ones were written before the clock went back
        asked = Event.objects.filter(minute, actor=member.user, verb="task.asked")
        if asked.count() >= QUESTIONS_PER_MINUTE:
            raise CannotBe("too_many_asked")
        Event.objects.create(
            team=member.team, actor=member.user, verb="task.asked", object=f"vendorkey:{key.pk}",
            data={"vendor": key.vendor}, at=clock.now(),
        )  # fmt: skip


def ask(key: VendorKey, about: dict[str, str]) -> CheckOutcome:
    """Ask the vendor and read its answer. Raises CannotBe where it does not answer, or may not be asked
    now."""
    vendor = registry.vendor(key.vendor)
    if key.quiet_until and key.quiet_until > clock.now():
        raise CannotBe("vendor_busy")
    if vendor.rate and not rates.take(key.vendor, key.account, vendor.rate, 1, looks=True):
        raise CannotBe("vendor_busy")
    try:
        route = routes.route(key.vendor, rehearsal=key.rehearsal)
        reply = exchange.send(
            vendor.check(about), base_url=route.base_url, key=vault.open_key(key), trusted=route.trusted,
            deadline=min(DEADLINE, settings.DURATIONS["look_deadline"]),
        )  # fmt: skip
    except (exchange.NotSent, exchange.Lost, vault.KeyUnreadable, routes.Crossed):
        raise CannotBe("vendor_silent") from None
    return vendor.read_check(reply)
