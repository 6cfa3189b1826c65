"""Makes the rows of what a press of the button asks for, before anything is sent."""

import base64
import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import replace

from django.conf import settings
from django.db import IntegrityError
from django.urls import reverse

from videos import access, authority, vault
from videos.jobs import pacing, queue
from videos.jobs.account import routes
from videos.jobs.freeze import freeze
from videos.jobs.ordering import allowance, checking, confirming
from videos.jobs.ordering.checking import Checked, GenerationRequest, Refusal, check_all
from videos.jobs.ordering.confirming import Unconfirmed
from videos.jobs.transitions import By, record
from videos.jobs.watching import learned
from videos.media.store import Store
from videos.models import Event as EventRow
from videos.models import Job, JobPicture, Membership, Project, Prompt, VendorKey, clock, prompt_hash
from videos.spending import asking, ceiling
from videos.vendors import registry
from videos.vendors.contract import Picture, Problem

AT_ONCE_MOST = 100  # requests of one press
TAKES_MOST = 12  # of one wish
SUFFIXES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "video/mp4": "mp4"}


def start(member: Membership, order: GenerationRequest) -> Job:
    """Make a job of ``order``. The same client token gives the same job again, however
    often and from however many tabs it comes. Raises Refusal, and Unconfirmed where the team
    wants the sum confirmed first, after noting the press."""
    [job, *_more] = _press(member, [order], order.client_token, order.confirmed)
    return job


def start_all(
    member: Membership,
    orders: Sequence[GenerationRequest],
    *,
    client_token: str = "",
    confirmed: str = "",
    stack: bool = True,
) -> list[Job]:
    """Make a job of each of ``orders``, or none at all: one check, one transaction, and the budgets must
    hold their sum. What becomes of one job afterwards stops none of the others.

    ``client_token``: one press of the button. It gives the same jobs again, whatever the requests are
    by then. ``stack``: they are takes of one wish and share a ``take_group``, except those that name
    one. ``confirmed``: the yes to their sum (those of the requests do not count). Raises Refusal, whose
    ``reasons`` name the request each is about, and Unconfirmed."""
    if stack and len(orders) > 1:
        group = uuid.uuid4()
        orders = [replace(order, take_group=order.take_group or group) for order in orders]
    return _press(member, orders, client_token, confirmed)


def _press(member: Membership, orders: Sequence[GenerationRequest], token: str, confirmed: str) -> list[Job]:
    access.require(member, "make")
    if not orders:
        raise ValueError("nothing to make")
    token = token or uuid.uuid4().hex
    if earlier := _jobs_of_token(member, token):
        return earlier
    try:
        if problems := _number_problems(len(orders)):
            raise Refusal(problems)
        together = check_all(member, orders)
        if together.reasons:
            raise Refusal(reasons=together.reasons)
        return _create(member, together.orders, token, confirmed)
    except (Refusal, IntegrityError) as stopped:
        # Another press with this token may have won, and used what was left of a budget or a rate.
        if earlier := _jobs_of_token(member, token):
            return earlier
        if isinstance(stopped, Refusal):
            _note_refused(member, orders, stopped)
        raise


def _note_refused(member: Membership, orders: Sequence[GenerationRequest], refusal: Refusal) -> None:
    what = {"model": ", ".join(sorted({order.model for order in orders})), "orders": len(orders)}
    if isinstance(refusal, Unconfirmed):
        _note(member, "press.asked", **what, sum=asking.describe_sums(refusal.sums))
    else:
        codes = [f"{problem.field}:{problem.code}" for problem in refusal.problems]
        _note(member, "press.refused", **what, problems=codes)


def _jobs_of_token(member: Membership, token: str) -> list[Job]:
    """The jobs that this press made already: all of them, or none."""
    made = Job.objects.filter(team=member.team)
    if not made.filter(client_token=token).exists():
        return []
    return list(
        made.filter(client_token__in=[nth_token(token, n) for n in range(AT_ONCE_MOST)]).order_by("pk")
    )


def nth_token(token: str, n: int) -> str:
    """The client token of the ``n``-th job of one press; the first has the press's own."""
    return hashlib.sha256(f"{token}:{n}".encode()).hexdigest() if n else token


def _create(member: Membership, checked: Sequence[Checked], token: str, confirmed: str = "") -> list[Job]:
    frozen = [_freeze(item) for item in checked]
    with authority.acting(member, "make"):
        # Rows are locked in one order, here and in verbs.decide: the membership, the person, keys,
        # budgets. Two presses never wait for each other in a ring.
        pace = allowance.pace_problems(member.user, len(checked))
        # A key may have been paused or deleted since the form was drawn.
        rows = VendorKey.objects.select_for_update().filter(pk__in={item.key.pk for item in checked})
        keys = {key.pk: key for key in rows.order_by("pk")}
        checked = [replace(item, key=keys.get(item.key.pk)) for item in checked]
        reasons = [
            (row, problem)
            for row, item in enumerate(checked)
            for problem in checking.key_problems(member, item.model.vendor, item.key)
        ]
        projects = Project.objects.in_bulk({item.order.project.pk for item in checked if item.order.project})
        reasons += [
            (row, problem)
            for row, item in enumerate(checked)
            if item.order.project
            for problem in checking.project_problems(projects.get(item.order.project.pk))
        ]
        reasons += [(None, problem) for problem in pace]
        budget = ceiling.verdict_together(member, checking.planned_spending(member, checked), lock=True)
        if reasons := [*reasons, *((None, problem) for problem in budget.problems)]:
            raise Refusal(reasons=reasons)
        sums = confirming.to_confirm(member, checked)
        confirming.require(member, sums, token, confirmed)
        texts = sorted({item.wish.prompt for item in checked}, key=prompt_hash)
        prompts = {text: _prompt(member, text) for text in texts}
        by, yes = By(actor=member.user), asking.describe_sums(sums)
        return [
            _create_row(member, item, prompts[item.wish.prompt], nth_token(token, n), *frozen[n], by, yes)
            for n, item in enumerate(checked)
        ]


def _create_row(
    member: Membership,
    checked: Checked,
    prompt: Prompt,
    token: str,
    columns: dict,
    picture_rows: list[dict],
    by: By,
    confirmed: str,
) -> Job:
    order, model, key, price, at = checked.order, checked.model, checked.key, checked.price, clock.now()
    job = Job.objects.create(
        **columns, team=member.team, user=member.user, project=order.project,
        prompt=prompt, vendor=model.vendor, model=model.key, medium=model.medium,
        options=dict(checked.wish.options), rehearsal=key.rehearsal, key=key, account=key.account,
        parent=order.parent, relation=order.relation, take_group=order.take_group, client_token=token, recipe=order.recipe, batch=order.batch,
        estimate=price.amount if price else None, estimate_usd=price.usd if price else None,
        unit=registry.vendor(model.vendor).unit, created_at=at, next_at=at, nudged_at=at,
    )  # fmt: skip
    JobPicture.objects.bulk_create(JobPicture(job=job, **row) for row in picture_rows)
    record(
        job, "job.created", by, data={"model": model.key} | ({"confirmed": confirmed} if confirmed else {})
    )
    queue.nudge(job.pk)
    return job


def _number_problems(count: int) -> list[Problem]:
    """The problem where more is asked for than one press, or one minute, may."""
    most = min(AT_ONCE_MOST, settings.PRESSES_PER_MINUTE or AT_ONCE_MOST)
    return [Problem("press", "too_many_at_once", {"count": count, "maximum": most})] if count > most else []


def _freeze(checked: Checked) -> tuple[dict[str, object], list[dict]]:
    """Build the request as it will be sent: columns of Job, and rows of its pictures. Done before the
    transaction, because pictures are read and sealed, and no lock should be held meanwhile."""
    model, key, public_id, idem_key = checked.model, checked.key, uuid.uuid4(), str(uuid.uuid4())
    pictures, picture_rows = _pictures(checked)
    callback, callback_hash = _callback(checked)
    wish = replace(checked.wish, pictures=pictures)
    call = registry.vendor(model.vendor).submit(model, wish, callback_url=callback, idem_key=idem_key)
    usual = pacing.usual_range(learned.times(model.key, key.rehearsal, *_shape(checked))) or (None, None)
    columns = freeze(call, public_id) | {
        "public_id": public_id, "idem_key": idem_key, "callback_hash": callback_hash,
        "usual_low": usual[0], "usual_high": usual[1],
    }  # fmt: skip
    return columns, picture_rows


def _pictures(checked: Checked) -> tuple[tuple[Picture, ...], list[dict]]:
    """The pictures as the vendor gets them, and the rows that serve them. Each has an unguessable address of
    its own, or travels inside the request where the vendor cannot reach us. Raises Refusal where a
    file cannot be read any more: it was there when the request was checked."""
    inside, store = checking.pictures_travel_inside(checked), Store(settings.MEDIA)
    pictures, rows, counts = [], [], {}
    for role, upload in checked.order.pictures:
        position = counts[role] = counts.get(role, -1) + 1
        token, link_hash = vault.mint()
        rows.append({"upload": upload, "role": role, "position": position, "link_hash": link_hash})
        if inside:
            try:
                data = base64.b64encode(store.path(upload.file).read_bytes()).decode()
            except OSError:
                raise Refusal([Problem("pictures", "picture_missing", {"picture": upload.name})]) from None
            url = f"data:{upload.media_type};base64,{data}"
        else:
            url = checking.public_address(reverse("picture", args=[token, SUFFIXES[upload.media_type]]))
        pictures.append(Picture(role, url, upload.media, upload.seconds or 0.0))
    return tuple(pictures), rows


def _callback(checked: Checked) -> tuple[str, str | None]:
    vendor = registry.vendor(checked.model.vendor)
    if not vendor.callback or not routes.reachable_by(vendor.slug, rehearsal=checked.key.rehearsal):
        return "", None
    token, token_hash = vault.mint()
    return checking.public_address(reverse("callback", args=[vendor.slug, token])), token_hash


def _prompt(member: Membership, text: str) -> Prompt:
    prompt, _new = Prompt.objects.get_or_create(
        team=member.team, hash=prompt_hash(text),
        defaults={"text": text.strip(), "first_by": member.user, "used_at": clock.now()},
    )  # fmt: skip
    Prompt.objects.filter(pk=prompt.pk).update(used_at=clock.now())
    return prompt


def _shape(checked: Checked) -> tuple[str, int]:
    return str(checked.wish.options.get("resolution", "")), int(checked.wish.options.get("seconds") or 0)


def _note(member: Membership, verb: str, **data: object) -> None:
    with authority.acting(member, "make"):
        EventRow.objects.create(team=member.team, actor=member.user, verb=verb, data=data, at=clock.now())
