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
from videos.create.form_state import Sheet
from videos.models import Draft, Job, Membership, clock

REMEMBERED = ("model", "options", "shot", "key", "project")
KEPT = 12  # of one person in one team; the oldest goes when there is one more


def restored(member: Membership) -> Sheet:
    """The newest draft, else the form as it was last pressed, else an empty one."""
    newest = access.drafts_for(member).first()
    return opened(member, newest) if newest else empty(member)


def opened(member: Membership, draft: Draft) -> Sheet:
    return replace(sheets.from_content(member, draft.content), draft=draft.token)


def empty(member: Membership) -> Sheet:
    """The wishes of the last press, and no words."""
    content = dict(member.remembered)
    if "model" not in content:
        first = access.usable_keys(member).first()
        content["model"] = sheets.first_model(first.vendor) if first else None
    return sheets.from_content(member, content)


def held(member: Membership) -> Sheet | None:
    """What was being typed, if anybody would miss it."""
    newest = access.drafts_for(member).first()
    return opened(member, newest) if newest and newest.typed else None


def again(member: Membership, job: Job, asked: Mapping[str, str]) -> Sheet:
    """``job`` to be used again, in a form of its own. ``as``: ``prompt`` for its words alone,
    with whatever else stands in the form; ``continue`` for the next shot, from ``picture``;
    else all of it."""
    if asked.get("as") == "prompt":
        return replace(restored(member), prompt=job.prompt.text, draft="")
    if asked.get("as") == "continue":
        return sheets.continuing(member, job, asked.get("picture", ""))
    return sheets.from_job(member, job)


def others(member: Membership, shown: str) -> int:
    """How many drafts with something in them wait beside the one that is ``shown``."""
    return sum(draft.typed for draft in access.drafts_for(member).exclude(token=shown))


def take(member: Membership, draft: Draft) -> None:
    """Into the form with it: the newest is what the form shows."""
    with authority.acting(member, "make"):
        Draft.objects.filter(pk=draft.pk).update(saved_at=clock.now())


def drop(member: Membership, draft: Draft) -> None:
    """Away with it."""
    with authority.acting(member, "make"):
        Draft.objects.filter(pk=draft.pk).delete()


def save(member: Membership, sheet: Sheet, token: str) -> None:
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
        _tidy(member, token)


def _tidy(member: Membership, written: str) -> None:
    """Room for the draft that was just begun: wishes without words go first."""
    rows = list(access.drafts_for(member).exclude(token=written))
    kept = [draft for draft in rows if draft.typed][: KEPT - 1]
    gone = [draft.pk for draft in rows if draft not in kept]
    Draft.objects.filter(pk__in=gone).delete()


def pressed(member: Membership, sheet: Sheet, token: str) -> Sheet:
    """After the job's row is committed: its draft goes, the wishes stay for the next one."""
    with authority.acting(member, "make"):
        Draft.objects.filter(team=member.team, user=member.user, token__in=(token, sheet.draft)).delete()
        return remember(member, sheet)


def remember(member: Membership, sheet: Sheet) -> Sheet:
    """The wishes alone, for the next form."""
    content = {name: value for name, value in sheet.content().items() if name in REMEMBERED}
    with authority.acting(member, "make") as held:
        member.remembered = held.remembered | content
        member.save(update_fields=["remembered"])
    return sheets.from_content(member, content)


def as_last_time(member: Membership, sheet: Sheet) -> Sheet:
    """The same words and pictures with the wishes of the last press."""
    known = {name: member.remembered[name] for name in REMEMBERED if name in member.remembered}
    return replace(sheets.from_content(member, sheet.content() | known), draft=sheet.draft)
