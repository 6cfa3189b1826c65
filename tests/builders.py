"""Rows as the studio would have written them, with one line each in a test."""

import hashlib
import os
import uuid
from datetime import datetime

from django.conf import settings

from videos import vault
from videos.jobs.freeze import freeze, seal_url
from videos.media.store import BadName, Store
from videos.models import Job, Output, Project, Prompt, Team, User, VendorKey, prompt_hash
from videos.models.clock import now
from videos.states import State
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


def a_project(team: Team, name: str = "Harbour", **fields) -> Project:
    return Project.objects.create(team=team, name=name, **fields)


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
    """A stored film of five seconds. Its file and its poster are in the store; what is in them is
    nobody's business here."""
    what = f"{job.public_id.hex}-{n}".encode()
    fields = {
        "kind": "video",
        "state": "stored",
        "file": "file" in fields or a_file(what, ".mp4", size=fields.get("bytes")),
        "poster": "poster" in fields or a_file(what, ".webp"),
        "media_type": "video/mp4",
        "width": 1280,
        "height": 720,
        "seconds": 5.0,
        "fps": 24.0,
        "stored_at": now(),
    } | fields
    fields.setdefault("bytes", size_of(fields["file"]))
    sealed = seal_url("https://cdn.example.com/film.mp4", job, n)
    return Output.objects.create(job=job, n=n, url_sealed=sealed, **fields)


def a_file(data: bytes, suffix: str, *, size: int | None = None) -> str:
    """``data`` in the store, under the name it returns; with ``size``, as if it were so long. Not
    written through to the disk: this is for hundreds of them."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = Store(settings.MEDIA).path(name := f"{sha256[:2]}/{sha256}{suffix}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    if size is not None:
        os.truncate(path, size)
    return name


def size_of(name: str) -> int:
    """Bytes of a file of the store; 0 where it is none."""
    try:
        return Store(settings.MEDIA).path(name).stat().st_size
    except (BadName, FileNotFoundError):
        return 0
