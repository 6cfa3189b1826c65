"""Lists the generations that a batch made, and turns those that failed back into rows."""

import uuid

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext

from videos import access
from videos.create import form_state as sheets
from videos.create import image_roles
from videos.create.many import form, table
from videos.models import Job, Membership
from videos.states import State
from videos.vendors.contract import Model

# Ended without a film, and nothing more is decided about them.
TROUBLE = (State.FAILED, State.LOST, State.DOWNLOAD_FAILED, State.CANCELED)


def jobs_of(member: Membership, named: str) -> QuerySet[Job]:
    """The generations of one press, in the order of its rows. Raises 404 where there are none."""
    try:
        found = access.clips_for(member).filter(batch=uuid.UUID(named)).order_by("pk")
    except ValueError:
        raise Http404 from None
    if not access.presses_for(member).filter(batch=uuid.UUID(named)).exists():
        raise Http404
    return found


def troubled(jobs: list[Job]) -> int:
    """How many of the generations ended without a film."""
    return sum(job.state in TROUBLE for job in jobs)


def to_correct(member: Membership, sheet: sheets.FormState, jobs: QuerySet[Job]) -> form.BatchForm:
    """The rows of the generations that ended without a film, as a table for their model."""
    found = list(
        jobs.filter(state__in=TROUBLE)
        .select_related("prompt", "key", "project")
        .prefetch_related("pictures__upload")
    )
    if not found:
        return form.fresh(sheet)
    first = sheets.from_job(member, found[0])
    rows, brought = [], {}
    for n, job in enumerate(found, 1):
        pictures = []
        for slot in job.pictures.all():
            name = f"{slot.upload_id}-{slot.upload.name}"  # the team may have two of one name
            brought[slot.upload_id] = (name, slot.upload)
            pictures.append((slot.role, name))
        asked = {name: str(value) for name, value in job.options.items() if first.options.get(name) != value}
        rows.append(table.Row(n, job.prompt.text, asked, tuple(pictures)))
    return form.fresh(first, table.as_field_text(rows), list(brought.values()))


def sample(model: Model) -> str:
    """A table with two example rows and every setting that the model has, at its default."""
    usual = {
        option.name: str(option.default)
        for option in model.options
        if option.default is not None and not option.advanced
    }
    roles = [slot.role for shot in image_roles.shots_of(model)[:1] for slot in shot.slots]
    pictures = tuple((role, f"{role}.jpg") for role in roles if image_roles.needs_picture(model))
    words = (gettext("A lighthouse at dusk, slow push in"), gettext("The same lighthouse in a storm"))
    return table.as_file([table.Row(n, text, usual, pictures) for n, text in enumerate(words, 1)])
