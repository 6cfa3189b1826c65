"""api.acedata.cloud, after ``docs/vendors/acedata.txt``.

From the vendor's other public pages: ``"async": true``, the task calls
(``POST /seedance/tasks``), 403 ``used_up`` for an empty account, 403 for refused
content, and ``bad_request`` as the code of a bad parameter. No price is
published; the amounts here are made up in the range that was seen.
"""

import secrets
import uuid
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from aiohttp import web

from videos.sandbox.checks import Fields, read_body
from videos.sandbox.desk import CHECK_WORD, ODD_WORD, Desk, Links, ParsedRequest, Stage
from videos.sandbox.dialects.acedata_order import Wanted, read
from videos.sandbox.film.recipe import FPS, Recipe
from videos.sandbox.film.shapes import adaptive_size, film_size
from videos.sandbox.ledger import Task
from videos.sandbox.pictures import Picture
from videos.sandbox.refusals import Reason, Refusal

RATES = {"480p": Decimal("0.014"), "720p": Decimal("0.025"), "1080p": Decimal("0.049")}  # a second
MOST_AT_ONCE = 50  # tasks of one batch
WORDS = {
    Stage.QUEUED: "processing",
    Stage.RUNNING: "processing",
    Stage.ODD: ODD_WORD,
    Stage.CHECKED: CHECK_WORD,
    Stage.DONE: "succeeded",
    Stage.FAILED: "failed",
}
REFUSALS = {
    Reason.KEY: (401, "invalid_token"),
    Reason.INVALID: (400, "bad_request"),
    Reason.CONTENT: (403, "bad_request"),
    Reason.CREDITS: (403, "used_up"),
    Reason.BUSY: (429, "too_many_requests"),
    Reason.NOT_FOUND: (404, "not_found"),
    Reason.NOT_YOURS: (404, "not_found"),
    Reason.OUTAGE: (500, "api_error"),
    Reason.OVERLOADED: (500, "api_error"),
}


class AceData:
    slug = "acedata"
    unit = "credits"
    refunds = False  # the document does not speak of it

    def __init__(self, desk: Desk):
        self.desk = desk

    def routes(self) -> list[tuple[str, str, Any]]:
        return [("POST", "/seedance/videos", self.generate), ("POST", "/seedance/tasks", self.tasks)]

    def refuse(self, trouble: Refusal) -> tuple[int, dict[str, Any]]:
        status, code = REFUSALS[trouble.why]
        message = trouble.message
        if trouble.why == Reason.CONTENT:
            message = f"InputTextSensitiveContentDetected: {message}"
        return status, _error(code, message, str(uuid.uuid4()))

    async def generate(self, request: web.Request, account: str) -> web.Response:
        """Blocks until the film is there, unless a callback or ``async`` is asked for."""
        body = await read_body(request)
        fields = Fields(body)
        wanted = read(fields)
        callback = self.desk.check_callback(fields.text("callback_url", None))
        at_once = fields.flag("async", False) or bool(callback)
        fields.nothing_else()
        self.desk.gate(account, wanted.prompt, body)
        amount = RATES[wanted.resolution] * wanted.frames / FPS
        amount = (amount * (2 if wanted.sound else 1)).quantize(Decimal("0.0001"))
        self.desk.afford(self, account, amount)
        pictures = await self.desk.pictures.take(wanted.wishes)
        film = _film(wanted, pictures)
        order = ParsedRequest(
            task_id=str(uuid.uuid4()),
            prompt=wanted.prompt,
            recipes=(film,),
            amount=amount,
            body=body,
            model=wanted.model,
            callback=callback,
            inner_id=f"cgt-{datetime.now(UTC):%Y%m%d%H%M%S}-{secrets.token_hex(3)[:5]}",
            trace_id=str(uuid.uuid4()),
        )
        task = self.desk.take(self, request, account, order)
        if at_once or "lost" in task.tags:
            return self.desk.answer(request, task, {"task_id": task.id})
        task = await self.desk.finished(task)
        status = 500 if task.outcome == "failed" else 200
        return self.desk.answer(request, task, self.payload(task, self.desk.links(task)), status)

    async def tasks(self, request: web.Request, account: str) -> web.Response:
        fields = Fields(await read_body(request))
        action = fields.choice("action", ("retrieve", "retrieve_batch"), "retrieve")
        if action == "retrieve":
            task_id = fields.text("id")
            fields.nothing_else()
            return web.json_response(self._record(self.desk.find(self, account, task_id)))
        ids = fields.texts("ids", 1, MOST_AT_ONCE)
        fields.nothing_else()
        items = []
        for task_id in ids:
            try:
                items.append(self._record(self.desk.find(self, account, task_id)))
            except Refusal:
                continue  # a batch leaves out what is unknown
        return web.json_response({"items": items, "count": len(items)})

    def _record(self, task: Task) -> dict[str, Any]:
        """The task call's shape; ``finished_at`` and ``elapsed`` are absent until the end."""
        told = {
            "_id": task.id.replace("-", "")[:24],
            "id": task.id,
            "type": "videos",
            "created_at": task.made,
            "started_at": task.starts,
            "request": task.body,
            "trace_id": task.trace_id,
            "response": self.payload(task, self.desk.links(task)),
        }
        if task.outcome:
            told |= {"finished_at": task.ended, "elapsed": round(task.ended - task.made, 3)}
        return told

    def payload(self, task: Task, links: Links) -> dict[str, Any]:
        data = {"task_id": task.inner_id, "status": WORDS[self.desk.stage(task)], "model": task.model}
        if links.files:
            data["video_url"] = links.files[0]
        if links.last_frame:
            data["last_frame_url"] = links.last_frame
        told = {"success": True, "task_id": task.id, "trace_id": task.trace_id, "data": data}
        if task.outcome == "failed":
            told |= _error("api_error", task.reason, task.trace_id)
        return told

    def forgery(self, task: Task, url: str) -> dict[str, Any]:
        told = self.payload(task, Links((url,)))
        return told | {"data": told["data"] | {"status": "succeeded"}}


def _film(wanted: Wanted, pictures: list[Picture]) -> Recipe:
    if wanted.ratio == "adaptive" and pictures:
        size = adaptive_size(wanted.resolution, pictures[0].size)
    else:
        size = film_size(wanted.resolution, "16:9" if wanted.ratio == "adaptive" else wanted.ratio)
    return Recipe(
        wanted.prompt, *size, frames=wanted.frames, sound=wanted.sound, seed=wanted.seed,
        last_frame=wanted.last_frame, references=tuple(picture.reference for picture in pictures),
    )  # fmt: skip


def _error(code: str, message: str, trace_id: str) -> dict[str, Any]:
    return {"success": False, "error": {"code": code, "message": message}, "trace_id": trace_id}
