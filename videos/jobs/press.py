"""A press of the button: the row of a generation, made before anything is sent."""

import base64
import uuid
from dataclasses import replace

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from videos import access
from videos.budgets import ceiling
from videos.jobs import learned, orders, pacing, queue, routes
from videos.jobs.freeze import freeze
from videos.jobs.orders import Checked, Order, Refusal
from videos.jobs.transitions import By, record
from videos.keys import vault
from videos.media.store import Store
from videos.models import Event as EventRow
from videos.models import Job, JobPicture, Membership, Prompt, User, VendorKey, clock, prompt_hash
from videos.vendors import registry
from videos.vendors.contract import Picture, Problem

SUFFIX = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


def start(member: Membership, order: Order, request_id: str = "") -> Job:
    """Make a job of ``order``. The same client token gives the same job again, however
    often and from however many tabs it comes. Raises Refusal, after noting the press."""
    access.require(member, "make")
    token = order.client_token or uuid.uuid4().hex
    if earlier := Job.objects.filter(team=member.team, client_token=token).first():
        return earlier
    checked = orders.check(member, order)
    try:
        if checked.problems:
            raise Refusal(checked.problems)
        return _create(member, checked, token, request_id)
    except Refusal as refusal:
        codes = [f"{problem.field}:{problem.code}" for problem in refusal.problems]
        _note(member, "press.refused", request_id, model=order.model, problems=codes)
        raise
    except IntegrityError:
        # The other of two presses with one token was faster.
        return Job.objects.get(team=member.team, client_token=token)


def _create(member: Membership, checked: Checked, token: str, request_id: str) -> Job:
    columns, places = _frozen(checked)
    order, model, price, at = checked.order, checked.model, checked.price, clock.now()
    with transaction.atomic():
        # The key may have been paused or deleted since the form was drawn.
        key = VendorKey.objects.select_for_update().get(pk=checked.key.pk)
        budget = ceiling.press(member, model, key, order.project, price, lock=True)
        if problems := [*orders.of_key(member, model, key), *_of_pace(member.user), *budget.problems]:
            raise Refusal(tuple(problems))
        job = Job.objects.create(
            **columns, team=member.team, user=member.user, project=order.project,
            prompt=_prompt(member, checked.wish.prompt), vendor=model.vendor, model=model.key, medium=model.medium,
            options=dict(checked.wish.options), rehearsal=key.rehearsal, key=key, account=key.account,
            parent=order.parent, relation=order.relation, take_group=order.take_group, client_token=token,
            estimate=price.amount if price else None, estimate_usd=price.usd if price else None,
            unit=registry.vendor(model.vendor).unit, created_at=at, next_at=at, nudged_at=at,
        )  # fmt: skip
        JobPicture.objects.bulk_create(JobPicture(job=job, **place) for place in places)
        record(job, "job.created", By(actor=member.user, request_id=request_id), data={"model": model.key})
        queue.nudge(job.pk)
    return job


def _of_pace(user: User) -> list[Problem]:
    """Too many presses within a minute, in whatever team. Asked inside the transaction that
    makes the job, by the age of the press that stands on the limit: no other is looked at."""
    most = settings.PRESSES_PER_MINUTE
    if not most:
        return []
    since = clock.later(-settings.DURATIONS["presses_window"])
    newest = Job.objects.filter(user=user).order_by("-pk").values_list("created_at", flat=True)
    if any(at > since for at in newest[most - 1 : most]):
        return [Problem("press", "too_many_presses", {"maximum": most})]
    return []


def _frozen(checked: Checked) -> tuple[dict[str, object], list[dict]]:
    """The request as it will be sent, as columns of Job, and where its pictures stand. Made
    before the transaction: pictures are read and sealed, and nobody waits for that."""
    model, key, public_id, idem_key = checked.model, checked.key, uuid.uuid4(), str(uuid.uuid4())
    pictures, places = _pictures(checked)
    callback, callback_hash = _callback(checked)
    wish = replace(checked.wish, pictures=pictures)
    call = registry.vendor(model.vendor).submit(model, wish, callback_url=callback, idem_key=idem_key)
    usual = pacing.usual(learned.times(model.key, key.rehearsal, *_shape(checked))) or (None, None)
    columns = freeze(call, public_id) | {
        "public_id": public_id, "idem_key": idem_key, "callback_hash": callback_hash,
        "usual_low": usual[0], "usual_high": usual[1],
    }  # fmt: skip
    return columns, places


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
