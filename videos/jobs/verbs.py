"""What a person can do with generations: the one door of the pages into this room.

Each verb fetches nothing by itself (pages come through videos/access.py), checks the
role, writes through transitions, and returns the job."""

import base64
import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from videos import access
from videos.jobs import collect, learned, money, observe, orders, pacing, queue, routes
from videos.jobs.freeze import freeze, rekeyed
from videos.jobs.orders import Checked, Order, Refusal
from videos.jobs.states import Attempt, Event, Money, State
from videos.jobs.transitions import By, Overtaken, move, record, touch
from videos.keys import vault
from videos.media.store import Store
from videos.models import Event as EventRow
from videos.models import Job, JobPicture, Membership, Prompt, VendorKey, clock, prompt_hash
from videos.network import exchange
from videos.vendors import registry
from videos.vendors.contract import Picture, Unreadable

__all__ = [
    "CannotBe", "Order", "Refusal", "adopt", "decide", "fetch_again", "look_again", "restore", "retry", "review",
    "start", "stop", "trash",
]  # fmt: skip

SUFFIX = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


class CannotBe(Exception):
    """This verb does not fit the state the job is in. ``code`` keys a sentence in words.py."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def _unless_moved(verb: Callable[..., Job]) -> Callable[..., Job]:
    """A worker may move the job between the page and the press: then nothing is done, and
    the person is told to look again."""

    @wraps(verb)
    def careful(*args, **kwargs) -> Job:
        try:
            return verb(*args, **kwargs)
        except Overtaken:
            raise CannotBe("moved_on") from None

    return careful


def review(member: Membership, order: Order) -> Checked:
    """The whole check and the price, with nothing written."""
    return orders.check(member, order)


def start(member: Membership, order: Order, request_id: str = "") -> Job:
    """Make a job of ``order``. The same client token gives the same job again, however
    often and from however many tabs it comes. Raises Refusal, after noting the press."""
    access.require(member, "make")
    token = order.client_token or uuid.uuid4().hex
    if earlier := Job.objects.filter(team=member.team, client_token=token).first():
        return earlier
    checked = orders.check(member, order)
    if checked.problems:
        codes = [f"{problem.field}:{problem.code}" for problem in checked.problems]
        _note(member, "press.refused", request_id, model=order.model, problems=codes)
        raise Refusal(checked.problems)
    try:
        with transaction.atomic():
            return _create(member, checked, token, request_id)
    except IntegrityError:
        # The other of two presses with one token was faster.
        return Job.objects.get(team=member.team, client_token=token)


def retry(member: Membership, job: Job, client_token: str = "", request_id: str = "") -> Job:
    """The same again as a new job: same words, wishes, pictures and key."""
    return start(member, again(job, client_token), request_id)


def again(job: Job, client_token: str = "") -> Order:
    """The order that makes the same as ``job``."""
    pictures = tuple((place.role, place.upload) for place in job.pictures.select_related("upload"))
    return Order(
        model=job.model, prompt=job.prompt.text, options=dict(job.options), pictures=pictures, key=job.key,
        project=job.project, parent=job, relation="retry", client_token=client_token,
    )  # fmt: skip


@_unless_moved
def stop(member: Membership, job: Job) -> Job:
    """Not sent yet: taken back, free. Else: nobody watches it any more and what comes goes
    to the trash; no vendor documents a way to cancel, and it may still be charged."""
    access.require(member, "make")
    by = By(actor=member.user)
    try:
        _stop(job, by)
    except Overtaken:  # a worker was faster; once more, for the job as it is now
        job.refresh_from_db()
        _stop(job, by)
    return job


def _stop(job: Job, by: By) -> None:
    if job.state == State.QUEUED:
        move(job, Event.CANCEL, by, money=money.unspent(job, Money.NONE))
    elif not job.stopped_at:
        _stop_watching(job, by)


def _stop_watching(job: Job, by: By) -> None:
    if not job.unfinished:
        raise CannotBe("already_ended")
    with transaction.atomic():
        touch(job, stopped_at=clock.now())
        record(job, "job.stopped", by)


@_unless_moved
def decide(member: Membership, job: Job, choice: str) -> Job:
    """A person's word about an UNKNOWN job: ``try_again`` (it may be charged twice) or
    ``give_up``. The earlier attempt is written off, visibly."""
    access.require(member, "spend")
    if choice not in ("try_again", "give_up"):
        raise ValueError(choice)
    if job.state != State.UNKNOWN:
        raise CannotBe("not_unknown")
    by = By(actor=member.user)
    with transaction.atomic():
        if choice == "try_again":
            columns = rekeyed(job, str(uuid.uuid4()))
            move(job, Event.TRY_AGAIN, by, **columns, money=Money.POSSIBLY, next_at=clock.now(), tries=0, claims=0,
                 kind="", said="", code="", hint_task_id="", hint={}, errors=0, stopped_at=None, nudged_at=clock.now())  # fmt: skip
            queue.nudge(job.pk)
        else:
            move(job, Event.GIVE_UP, by, money=Money.WRITTEN_OFF, kind="given_up")
        money.settle(job, Attempt.WRITTEN_OFF, choice, member.user)
    return job


@_unless_moved
def adopt(member: Membership, job: Job, task_id: str) -> Job:
    """A person found the task in the vendor's own console: ask the vendor about it, and
    take it if the vendor knows it and no other job has it."""
    access.require(member, "spend")
    if job.state != State.UNKNOWN:
        raise CannotBe("not_unknown")
    vendor, task_id = registry.vendor(job.vendor), task_id.strip()
    try:
        ticket = dict(vendor.adopt(task_id))
    except ValueError:
        raise CannotBe("bad_task_id") from None
    way = routes.route(job.vendor, rehearsal=job.rehearsal)
    try:
        reply = exchange.send(
            vendor.check(ticket), base_url=way.base_url, key=vault.open_key(job.key), trusted=way.trusted,
            deadline=min(20, settings.DURATIONS["look_deadline"]),
        )  # fmt: skip
    except (exchange.NotSent, exchange.Lost, vault.KeyUnreadable):
        raise CannotBe("vendor_silent") from None
    outcome = vendor.read_check(reply)
    if isinstance(outcome, Unreadable):
        raise CannotBe("task_not_known")
    if not observe.confirm(job, task_id, ticket, outcome, By(actor=member.user)):
        raise CannotBe("task_taken")
    return job


def look_again(member: Membership, job: Job) -> Job:
    """Ask the vendor now instead of later."""
    access.require(member, "make")
    if not job.vendor_task_id or job.state not in (State.RUNNING, State.EXPIRED, State.LOST):
        raise CannotBe("nothing_to_look_at")
    Job.objects.filter(pk=job.pk, state=job.state).update(next_at=clock.now())
    record(job, "job.look_again", By(actor=member.user))
    return job


@_unless_moved
def fetch_again(member: Membership, job: Job) -> Job:
    access.require(member, "make")
    if job.state != State.DOWNLOAD_FAILED:
        raise CannotBe("nothing_to_fetch")
    collect.fetch_again(job, By(actor=member.user))
    queue.nudge(job.pk, media=True)
    return job


@_unless_moved
def trash(member: Membership, job: Job) -> Job:
    """Hidden for 30 days, not gone. What is still being made is stopped first."""
    access.require(member, "trash")
    if job.unfinished and not job.stopped_at:
        stop(member, job)
    with transaction.atomic():
        touch(job, trashed_at=clock.now())
        record(job, "job.trashed", By(actor=member.user))
    return job


@_unless_moved
def restore(member: Membership, job: Job) -> Job:
    access.require(member, "trash")
    with transaction.atomic():
        touch(job, trashed_at=None, stopped_at=None)
        record(job, "job.restored", By(actor=member.user))
    return job


# --- making the row ---------------------------------------------------------


def _create(member: Membership, checked: Checked, token: str, request_id: str) -> Job:
    order, model, key = checked.order, checked.model, checked.key
    # The key may have been paused or deleted since the form was drawn.
    VendorKey.objects.select_for_update().get(pk=key.pk)
    public_id, at = uuid.uuid4(), clock.now()
    pictures, places = _pictures(checked)
    callback, callback_hash = _callback(checked)
    idem_key = str(uuid.uuid4())
    vendor = registry.vendor(model.vendor)
    call = vendor.submit(
        model, replace(checked.wish, pictures=pictures), callback_url=callback, idem_key=idem_key
    )
    low_high = pacing.usual(learned.times(model.key, key.rehearsal, *_shape(checked)))
    job = Job.objects.create(
        public_id=public_id, team=member.team, user=member.user, project=order.project,
        prompt=_prompt(member, checked.wish.prompt), vendor=model.vendor, model=model.key, medium=model.medium,
        options=dict(checked.wish.options), rehearsal=key.rehearsal, key=key, account=key.account,
        parent=order.parent, relation=order.relation, take_group=order.take_group, client_token=token,
        **freeze(call, public_id), idem_key=idem_key, callback_hash=callback_hash,
        estimate=checked.price.amount if checked.price else None,
        estimate_usd=checked.price.usd if checked.price else None, unit=vendor.unit,
        usual_low=low_high[0] if low_high else None, usual_high=low_high[1] if low_high else None,
        created_at=at, next_at=at, nudged_at=at,
    )  # fmt: skip
    JobPicture.objects.bulk_create(JobPicture(job=job, **place) for place in places)
    record(job, "job.created", By(actor=member.user, request_id=request_id), data={"model": model.key})
    queue.nudge(job.pk)
    return job


def _pictures(checked: Checked) -> tuple[tuple[Picture, ...], list[dict]]:
    """What the vendor is told, and the rows that serve it. Each picture has an unguessable
    address of its own, or travels inside the request where no address would serve."""
    inside, store = orders.inside(checked), Store(settings.MEDIA)
    told, rows, counts = [], [], {}
    for role, upload in checked.order.pictures:
        position = counts[role] = counts.get(role, -1) + 1
        token, link_hash = vault.mint()
        rows.append({"upload": upload, "role": role, "position": position, "link_hash": link_hash})
        if inside:
            data = base64.b64encode(store.path(upload.file).read_bytes()).decode()
            url = f"data:{upload.media_type};base64,{data}"
        else:
            url = orders.public(reverse("picture", args=[token, SUFFIX[upload.media_type]]))
        told.append(Picture(role, url))
    return tuple(told), rows


def _callback(checked: Checked) -> tuple[str, str | None]:
    vendor = registry.vendor(checked.model.vendor)
    if not vendor.callback or not routes.reachable_by(vendor.slug, rehearsal=checked.key.rehearsal):
        return "", None
    token, token_hash = vault.mint()
    return orders.public(reverse("callback", args=[vendor.slug, token])), token_hash


def _prompt(member: Membership, text: str) -> Prompt:
    prompt, _new = Prompt.objects.get_or_create(
        team=member.team, hash=prompt_hash(text),
        defaults={"text": text.strip(), "first_by": member.user, "used_at": clock.now()},
    )  # fmt: skip
    Prompt.objects.filter(pk=prompt.pk).update(used_at=clock.now())
    return prompt


def _shape(checked: Checked) -> tuple[str, int]:
    return str(checked.wish.options.get("resolution", "")), int(checked.wish.options.get("seconds") or 0)


def _note(member: Membership, verb: str, request_id: str, **data: object) -> None:
    EventRow.objects.create(
        team=member.team, actor=member.user, verb=verb, data=data, request_id=request_id, at=clock.now()
    )
