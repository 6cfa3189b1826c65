"""Keeps what somebody types in the composer, so that it survives a reload, a crash, a night and another
device.

Each form that is typed in has a draft row of its own, named by the form's token. A form takes over the
draft that it was drawn from unless another form did so first: of two tabs drawn from one draft, the second
to write begins a new draft, and the words of neither are lost. The form shows the newest draft; the others
are listed on the drafts page. Drafts are kept on the server only: a copy in the browser would stay behind
on a computer that is shared.
"""

from collections.abc import Mapping
from dataclasses import replace

from videos import access, authority
from videos.create import form_state as sheets
from videos.create.form_state import FormState
from videos.models import Draft, Job, Membership, clock

REMEMBERED_FIELDS = ("model", "options", "shot", "key", "project")
DRAFTS_MOST = 12  # of one person in one team; the oldest goes when there is one more


def current_form(member: Membership) -> FormState:
    """The newest draft, else the options of the last press, else an empty form."""
    newest = access.drafts_for(member).first()
    return form_of_draft(member, newest) if newest else blank_form(member)


def form_of_draft(member: Membership, draft: Draft) -> FormState:
    """The form as ``draft`` has it."""
    return replace(sheets.from_content(member, draft.content), draft=draft.token)


def blank_form(member: Membership) -> FormState:
    """A form with the options of the last press and no words."""
    content = dict(member.remembered)
    if "model" not in content:
        first = access.usable_keys(member).first()
        content["model"] = sheets.first_model(first.vendor) if first else None
    return sheets.from_content(member, content)


def typed_form(member: Membership) -> FormState | None:
    """The newest draft, if it holds anything that a person typed; else None."""
    newest = access.drafts_for(member).first()
    return form_of_draft(member, newest) if newest and newest.typed else None


def form_of_job(member: Membership, job: Job, asked: Mapping[str, str]) -> FormState:
    """A form of its own, filled from ``job``. ``as=prompt``: its words alone, with everything else as the
    current form has it; ``as=continue``: the next shot, which starts from ``picture``; else all of the job.
    """
    if asked.get("as") == "prompt":
        return replace(current_form(member), prompt=job.prompt.text, draft="")
    if asked.get("as") == "continue":
        return sheets.for_next_shot(member, job, asked.get("picture", ""))
    return sheets.from_job(member, job)


def count_other_drafts(member: Membership, shown: str) -> int:
    """How many drafts with something typed in them exist beside the one that is ``shown``."""
    return sum(draft.typed for draft in access.drafts_for(member).exclude(token=shown))


def make_newest(member: Membership, draft: Draft) -> None:
    """Makes ``draft`` the newest one, which is the one that the form shows."""
    with authority.acting(member, "make"):
        Draft.objects.filter(pk=draft.pk).update(saved_at=clock.now())


def delete(member: Membership, draft: Draft) -> None:
    """Deletes ``draft``."""
    with authority.acting(member, "make"):
        Draft.objects.filter(pk=draft.pk).delete()


def save(member: Membership, sheet: FormState, token: str) -> None:
    """Stores ``sheet``, typed in the form ``token``. Does nothing where that form was pressed already: its
    words are in a job then."""
    mine = Draft.objects.filter(team=member.team, user=member.user)
    written = {"content": sheet.content(), "saved_at": clock.now()}
    with authority.acting(member, "make"):
        if Job.objects.filter(team=member.team, client_token=token).exists():
            return
        if mine.filter(token=token).update(**written):
            return
        if sheet.draft and mine.filter(token=sheet.draft).update(token=token, **written):
            return
        mine.update_or_create(team=member.team, user=member.user, token=token, defaults=written)
        _delete_oldest(member, token)


def _delete_oldest(member: Membership, written: str) -> None:
    """Deletes what exceeds ``DRAFTS_MOST``, drafts without words first; the draft that was just begun
    stays."""
    rows = list(access.drafts_for(member).exclude(token=written))
    kept = [draft for draft in rows if draft.typed][: DRAFTS_MOST - 1]
    surplus = [draft.pk for draft in rows if draft not in kept]
    Draft.objects.filter(pk__in=surplus).delete()


def forget_pressed(member: Membership, sheet: FormState, token: str) -> FormState:
    """Deletes the draft of a form whose job is committed, and keeps its options for the next form."""
    with authority.acting(member, "make"):
        Draft.objects.filter(team=member.team, user=member.user, token__in=(token, sheet.draft)).delete()
        return remember_options(member, sheet)


def remember_options(member: Membership, sheet: FormState) -> FormState:
    """Stores the options alone, for the next form."""
    content = {name: value for name, value in sheet.content().items() if name in REMEMBERED_FIELDS}
    with authority.acting(member, "make") as held:
        member.remembered = held.remembered | content
        member.save(update_fields=["remembered"])
    return sheets.from_content(member, content)


def with_last_options(member: Membership, sheet: FormState) -> FormState:
    """The same words and pictures with the options of the last press."""
    known = {name: member.remembered[name] for name in REMEMBERED_FIELDS if name in member.remembered}
    return replace(sheets.from_content(member, sheet.content() | known), draft=sheet.draft)
