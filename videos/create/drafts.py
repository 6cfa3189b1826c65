"""What somebody was typing survives a reload, a crash and a night."""

from django.db import transaction

from videos import access
from videos.create import sheet as sheets
from videos.create.sheet import Sheet
from videos.models import Draft, Job, Membership

REMEMBERED = ("model", "options", "shot", "key", "project")


def restored(member: Membership) -> Sheet:
    """The draft, else the form as it was last pressed, else an empty one."""
    draft = access.draft_for(member)
    if draft is not None:
        return sheets.from_content(member, draft.content)
    content = dict(member.remembered)
    if "model" not in content:
        first = access.usable_keys(member).first()
        content["model"] = sheets.first_model(first.vendor) if first else None
    return sheets.from_content(member, content)


def save(member: Membership, sheet: Sheet, client_token: str) -> None:
    """A draft that arrives after its own form was pressed is no draft any more."""
    with transaction.atomic():
        if Job.objects.filter(team=member.team, client_token=client_token).exists():
            return
        Draft.objects.update_or_create(
            team=member.team, user=member.user, defaults={"content": sheet.content()}
        )


def pressed(member: Membership, sheet: Sheet) -> Sheet:
    """After the job's row is committed: the draft goes, the wishes stay for the next one."""
    content = {name: value for name, value in sheet.content().items() if name in REMEMBERED}
    with transaction.atomic():
        Draft.objects.filter(team=member.team, user=member.user).delete()
        member.remembered = member.remembered | content
        member.save(update_fields=["remembered"])
    return sheets.from_content(member, content)
