"""Rows as the studio would have written them, with one line each in a test."""

import uuid
from datetime import datetime

from videos.jobs.freeze import freeze, seal_url
from videos.jobs.states import State
from videos.keys import vault
from videos.models import Job, Output, Project, Prompt, Team, User, VendorKey, prompt_hash
from videos.models.clock import now
from videos.vendors import registry
from videos.vendors.contract import Call

VENDOR = "seedanceapi-org"
MODEL = "seedanceapi-org/seedance-2.0"
SECRET = "sk-test-4f0c9b7a1e2d1a2b"


def a_key(
    team: Team, *, vendor: str = VENDOR, secret: str = SECRET, rehearsal: bool = True, **fields
) -> VendorKey:
    locked = vault.lock(team.pk, vendor, secret, rehearsal=rehearsal)
    return VendorKey.objects.create(team=team, vendor=vendor, rehearsal=rehearsal, **locked, **fields)


def a_prompt(team: Team, text: str, user: User | None = None, used_at: datetime | None = None) -> Prompt:
    prompt, _made = Prompt.objects.get_or_create(
        team=team,
        hash=prompt_hash(text),
        defaults={"text": text, "first_by": user, "used_at": used_at or now()},
    )
    return prompt


def a_project(team: Team, name: str = "Harbour") -> Project:
    return Project.objects.create(team=team, name=name)


def a_job(
    team: Team,
    user: User,
    text: str = "A lighthouse at dusk",
    *,
    state: State = State.SUCCEEDED,
    key: VendorKey | None = None,
    **fields,
) -> Job:
    """A generation as it stands in ``state``; a SUCCEEDED one has no output yet (``an_output``)."""
    key = key or VendorKey.objects.filter(team=team).first() or a_key(team)
    model = registry.model(fields.pop("model", MODEL))
    fields.setdefault("created_at", now())
    public_id = fields.pop("public_id", None) or uuid.uuid4()
    return Job.objects.create(
        public_id=public_id,
        team=team,
        user=user,
        prompt=a_prompt(team, text, user, fields["created_at"]),
        vendor=model.vendor,
        model=model.key,
        medium=model.medium,
        rehearsal=key.rehearsal,
        key=key,
        account=key.account,
        client_token=uuid.uuid4().hex,
        **freeze(Call("POST", "/generate", b"{}"), public_id),
        idem_key=str(uuid.uuid4()),
        state=state,
        **fields,
    )


def an_output(job: Job, n: int = 0, **fields) -> Output:
    """A stored film of five seconds."""
    fields = {
        "kind": "video",
        "state": "stored",
        "file": f"{job.public_id.hex}-{n}.mp4",
        "poster": f"{job.public_id.hex}-{n}.webp",
        "media_type": "video/mp4",
        "width": 1280,
        "height": 720,
        "seconds": 5.0,
        "fps": 24.0,
        "stored_at": now(),
    } | fields
    sealed = seal_url("https://cdn.example.com/film.mp4", job, n)
    return Output.objects.create(job=job, n=n, url_sealed=sealed, **fields)
