"""Builds the request once, when the button is pressed, and keeps it sealed.

These very bytes are sent, however often they have to be sent."""

import hashlib
import json

from videos import vault
from videos.models import Job
from videos.vendors.contract import Call


class Tampered(Exception):
    """The bytes of the row are not the bytes that were frozen: their hash differs."""


def freeze(call: Call, public_id: object) -> dict[str, object]:
    """The columns of Job that hold ``call``."""
    head = json.dumps({"method": call.method, "path": call.path, "headers": call.headers}).encode()
    body = call.body or b""
    return {
        "body_sealed": vault.seal(
            len(head).to_bytes(4, "big") + head + body, kind="body", job=str(public_id)
        ),
        "body_sha256": hashlib.sha256(body).hexdigest(),
    }


def thaw(job: Job) -> Call:
    """The frozen call. Raises vault.KeyUnreadable or Tampered; nothing is sent then."""
    plain = vault.unseal(job.body_sealed, kind="body", job=str(job.public_id))
    size = int.from_bytes(plain[:4], "big")
    head, body = json.loads(plain[4 : 4 + size]), plain[4 + size :]
    if hashlib.sha256(body).hexdigest() != job.body_sha256:
        raise Tampered(str(job))
    headers = tuple((name, value) for name, value in head["headers"])
    return Call(head["method"], head["path"], body, headers)


def rekeyed(job: Job, new_idem_key: str) -> dict[str, object]:
    """The columns for the same request under a new idempotency key: only after a person
    said "try again, it may be charged twice"."""
    call = thaw(job)
    headers = tuple((name, new_idem_key if value == job.idem_key else value) for name, value in call.headers)
    return freeze(Call(call.method, call.path, call.body, headers), job.public_id) | {
        "idem_key": new_idem_key
    }


def seal_url(url: str, job: Job, n: int) -> bytes:
    """The address of output ``n``, sealed for this job and this output alone."""
    return vault.seal(url.encode(), kind="url", job=str(job.public_id), n=n)


def open_url(output) -> str:
    """The address that ``seal_url`` sealed. Raises vault.KeyUnreadable."""
    return vault.unseal(output.url_sealed, kind="url", job=str(output.job.public_id), n=output.n).decode()
