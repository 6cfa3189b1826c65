"""What somebody was typing survives a reload, a crash, a night and another device.

Each form that is typed in has a draft of its own. A form takes over the draft that it was
drawn from as long as nobody else did: of two tabs drawn from one draft, the second to write
begins a new one, and the words of neither are lost. The newest is what the form shows; the
others wait on the drafts page. Only the server keeps them: a copy in the browser would stay
behind on a computer that is shared.
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
    """The newest draft, else the form as it was last pressed, else an empty one."""
    newest = access.drafts_for(member).first()
    return form_of_draft(member, newest) if newest else blank_form(member)


def form_of_draft(member: Membership, draft: Draft) -> FormState:
    return replace(sheets.from_content(member, draft.content), draft=draft.token)


def blank_form(member: Membership) -> FormState:
    """The wishes of the last press, and no words."""
    content = dict(member.remembered)
    if "model" not in content:
        first = access.usable_keys(member).first()
        content["model"] = sheets.first_model(first.vendor) if first else None
    return sheets.from_content(member, content)


def typed_form(member: Membership) -> FormState | None:
    """What was being typed, if anybody would miss it."""
    newest = access.drafts_for(member).first()
    return form_of_draft(member, newest) if newest and newest.typed else None


def form_of_job(member: Membership, job: Job, asked: Mapping[str, str]) -> FormState:
    """``job`` to be used again, in a form of its own. ``as``: ``prompt`` for its words alone,
    with whatever else stands in the form; ``continue`` for the next shot, from ``picture``;
    else all of it."""
    if asked.get("as") == "prompt":
        return replace(current_form(member), prompt=job.prompt.text, draft="")
    if asked.get("as") == "continue":
        return sheets.for_next_shot(member, job, asked.get("picture", ""))
    return sheets.from_job(member, job)


def count_other_drafts(member: Membership, shown: str) -> int:
    """How many drafts with something in them wait beside the one that is ``shown``."""
    return sum(draft.typed for draft in access.drafts_for(member).exclude(token=shown))


def make_newest(member: Membership, draft: Draft) -> None:
    """Into the form with it: the newest is what the form shows."""
    with authority.acting(member, "make"):
        Draft.objects.filter(pk=draft.pk).update(saved_at=clock.now())


def delete(member: Membership, draft: Draft) -> None:
    """Away with it."""
    with authority.acting(member, "make"):
        Draft.objects.filter(pk=draft.pk).delete()


def save(member: Membership, sheet: FormState, token: str) -> None:
    """Keep ``sheet``, typed in the form ``token``. After that form was pressed it is no
    draft any more."""
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
    """Room for the draft that was just begun: wishes without words go first."""
    rows = list(access.drafts_for(member).exclude(token=written))
    kept = [draft for draft in rows if draft.typed][: DRAFTS_MOST - 1]
    surplus = [draft.pk for draft in rows if draft not in kept]
    Draft.objects.filter(pk__in=surplus).delete()


def forget_pressed(member: Membership, sheet: FormState, token: str) -> FormState:
    """After the job's row is committed: its draft goes, the wishes stay for the next one."""
    with authority.acting(member, "make"):
        Draft.objects.filter(team=member.team, user=member.user, token__in=(token, sheet.draft)).delete()
        return remember_options(member, sheet)


def remember_options(member: Membership, sheet: FormState) -> FormState:
    """The wishes alone, for the next form."""
    content = {name: value for name, value in sheet.content().items() if name in REMEMBERED_FIELDS}
    with authority.acting(member, "make") as held:
        member.remembered = held.remembered | content
        member.save(update_fields=["remembered"])
    return sheets.from_content(member, content)


def with_last_options(member: Membership, sheet: FormState) -> FormState:
    """The same words and pictures with the wishes of the last press."""
    known = {name: member.remembered[name] for name in REMEMBERED_FIELDS if name in member.remembered}
    return replace(sheets.from_content(member, sheet.content() | known), draft=sheet.draft)
