"""seedance2ai.io, after ``docs/vendors/seedance2ai.txt``: one video and two picture endpoints.

The document shows no answer to a submit and no error body; both are as observed
by others: ``id`` with ``credits_used``, and ``{"error": {"code", "message"}}``.
A key of another mode is an "unsupported field" here. Prices: the document's
example charges 30 for its default of 5 s; the others were observed; those of
gpt-image-2 are made up.
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from aiohttp import web

from videos.sandbox.checks import Fields, read_body
from videos.sandbox.desk import CHECK_WORD, ODD_WORD, Desk, Links, ParsedRequest, Stage
from videos.sandbox.dialects.seedance2ai_orders import Wanted, gpt_image_2, nano_banana_pro, video
from videos.sandbox.ledger import Task
from videos.sandbox.refusals import Reason, Refusal

WORDS = {
    Stage.QUEUED: "processing",
    Stage.RUNNING: "processing",
    Stage.ODD: ODD_WORD,
    Stage.CHECKED: CHECK_WORD,
    Stage.DONE: "completed",
    Stage.FAILED: "failed",
}
REFUSALS = {
    Reason.KEY: (401, "unauthorized"),
    Reason.INVALID: (400, "invalid_request"),
    Reason.CONTENT: (400, "invalid_request"),
    Reason.CREDITS: (402, "insufficient_credits"),
    Reason.BUSY: (429, "rate_limited"),
    Reason.NOT_FOUND: (404, "not_found"),
    Reason.NOT_YOURS: (404, "not_found"),
    Reason.CONFLICT: (409, "idempotency_conflict"),
    Reason.OUTAGE: (500, "internal_error"),
    Reason.OVERLOADED: (503, "service_busy"),
}


class Seedance2Ai:
    slug = "seedance2ai"
    unit = "credits"
    refunds = True  # a failed task tells credits_refunded

    def __init__(self, desk: Desk):
        self.desk = desk
        self.busy: set[tuple[str, str]] = set()

    def routes(self) -> list[tuple[str, str, Any]]:
        return [
            ("POST", "/api/v1/video/seedance", self._endpoint(video)),
            ("POST", "/api/v1/image/gpt-image-2", self._endpoint(gpt_image_2)),
            ("POST", "/api/v1/image/nano-banana-pro", self._endpoint(nano_banana_pro)),
            ("GET", "/api/v1/tasks/{id}", self.task),
        ]

    def refuse(self, trouble: Refusal) -> tuple[int, dict[str, Any]]:
        status, code = REFUSALS[trouble.why]
        facts = {name: float(value) for name, value in trouble.facts.items()}
        return status, {"error": {"code": code, "message": trouble.message, **facts}}

    def _endpoint(self, read: Callable[[Fields], Wanted]) -> Any:
        async def submit(request: web.Request, account: str) -> web.Response:
            key = request.headers.get("Idempotency-Key", "")
            if not key:
                return await self._submit(request, account, read, "", "")
            if (account, key) in self.busy:
                raise Refusal(Reason.CONFLICT, "A request with this Idempotency-Key is still running")
            self.busy.add((account, key))
            try:
                digest = hashlib.sha256(request.path.encode() + b"\n" + await request.read()).hexdigest()
                known = self.desk.store.remembered(account, key)
                if known is None:
                    return await self._submit(request, account, read, key, digest)
                if known["body"] != digest:
                    raise Refusal(Reason.CONFLICT, "This Idempotency-Key was used with a different body")
                return web.json_response(_accepted(self.desk.store.task(known["answer"])))
            finally:
                self.busy.discard((account, key))

        return submit

    async def _submit(
        self, request: web.Request, account: str, read: Callable[[Fields], Wanted], key: str, digest: str
    ) -> web.Response:
        body = await read_body(request)
        fields = Fields(body)
        wanted = read(fields)
        fields.nothing_else()
        self.desk.gate(account, wanted.prompt, body)
        self.desk.afford(self, account, wanted.amount)
        pictures = await self.desk.pictures.take(wanted.wishes)
        order = ParsedRequest(
            f"{wanted.mark}_{secrets.token_urlsafe(12)}", wanted.prompt, wanted.recipes(pictures),
            Decimal(wanted.amount), body, wanted.model,
        )  # fmt: skip
        task = self.desk.take(self, request, account, order)
        if key:  # before the answer: one that is lost can be asked for again
            self.desk.store.remember(account, key, digest, task.id)
        return self.desk.answer(request, task, _accepted(task))

    async def task(self, request: web.Request, account: str) -> web.Response:
        task = self.desk.find(self, account, request.match_info["id"])
        links = self.desk.links(task)
        told = _accepted(task) | {"status": WORDS[self.desk.stage(task)]}
        told["created_at"] = datetime.fromtimestamp(task.made, UTC).isoformat(timespec="seconds")
        if task.outcome == "failed":
            told |= {
                "error": {"code": "generation_failed", "message": task.reason},
                "credits_refunded": float(task.amount),
            }
        if task.outcome == "done":
            told["output"] = _output(task, links)
        return web.json_response(told)

    def payload(self, task: Task, links: Links) -> dict[str, Any]:
        """Never sent: this vendor has no callbacks."""
        return {}

    def forgery(self, task: Task, url: str) -> dict[str, Any]:
        """Never sent, either."""
        return {}


def _accepted(task: Task) -> dict[str, Any]:
    amount = int(task.amount) if task.amount == int(task.amount) else float(task.amount)
    return {"id": task.id, "status": "processing", "model": task.model, "credits_used": amount}


def _output(task: Task, links: Links) -> dict[str, Any]:
    if task.recipes[0].kind == "still":
        return {"images": [{"url": url} for url in links.files]}
    told = {"video_url": links.files[0]} if links.files else {}
    return told | ({"last_frame_url": links.last_frame} if links.last_frame else {})
