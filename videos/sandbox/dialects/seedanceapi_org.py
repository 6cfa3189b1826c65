"""seedanceapi.org, after ``docs/vendors/seedanceapi-org.txt``.

The document lost its parameter names; they are those of its examples. The name
of the webhook parameter stands nowhere in it: ``callback_url`` is the name in
the vendor's own text for its newer version. What the document leaves open is
read strictly: an error's ``code`` is the name in its error table.
"""

import secrets
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from aiohttp import web

from videos.sandbox.checks import Fields, read_body
from videos.sandbox.desk import CHECK_WORD, ODD_WORD, Desk, Links, ParsedRequest, Stage
from videos.sandbox.film.recipe import FPS, Recipe
from videos.sandbox.film.shapes import film_size
from videos.sandbox.ledger import Task
from videos.sandbox.pictures import PictureRequest
from videos.sandbox.refusals import Reason, Refusal

RATIOS = ("1:1", "16:9", "9:16", "4:3", "3:4", "21:9", "9:21")
CREDITS = {  # resolution, seconds: without sound, with sound
    ("480p", "4"): (8, 14), ("480p", "8"): (14, 28), ("480p", "12"): (19, 38),
    ("720p", "4"): (14, 28), ("720p", "8"): (28, 56), ("720p", "12"): (42, 84),
}  # fmt: skip
WORDS = {
    Stage.QUEUED: "IN_PROGRESS",
    Stage.RUNNING: "IN_PROGRESS",
    Stage.ODD: ODD_WORD.upper(),
    Stage.CHECKED: CHECK_WORD.upper(),
    Stage.DONE: "SUCCESS",
    Stage.FAILED: "FAILED",
}
REFUSALS = {
    Reason.KEY: (401, "INVALID_API_KEY"),
    Reason.INVALID: (400, "INVALID_REQUEST"),  # where the error table has no name for it
    Reason.CONTENT: (400, "INVALID_PROMPT"),
    Reason.CREDITS: (402, "INSUFFICIENT_CREDITS"),
    Reason.BUSY: (429, "RATE_LIMITED"),
    Reason.NOT_FOUND: (404, "TASK_NOT_FOUND"),
    Reason.NOT_YOURS: (404, "TASK_NOT_FOUND"),
    Reason.OUTAGE: (500, "INTERNAL_ERROR"),
    Reason.OVERLOADED: (500, "INTERNAL_ERROR"),
}


class SeedanceApiOrg:
    slug = "seedanceapi-org"
    unit = "credits"
    refunds = True  # its sister site: "credits deducted at creation, failed jobs refunded automatically"

    def __init__(self, desk: Desk):
        self.desk = desk

    def routes(self) -> list[tuple[str, str, Any]]:
        return [("POST", "/v1/generate", self.generate), ("GET", "/v1/status", self.status)]

    def refuse(self, trouble: Refusal) -> tuple[int, dict[str, Any]]:
        status, code = REFUSALS[trouble.why]
        return status, {"code": trouble.code or code, "message": trouble.message, "data": None}

    async def generate(self, request: web.Request, account: str) -> web.Response:
        body = await read_body(request)
        fields = Fields(body)
        prompt = fields.text("prompt", most=2000, code="INVALID_PROMPT")
        aspect = fields.choice("aspect_ratio", RATIOS, "1:1", code="INVALID_ASPECT_RATIO")
        resolution = fields.choice("resolution", ("480p", "720p"), "720p", code="INVALID_RESOLUTION")
        duration = fields.choice("duration", ("4", "8", "12"), "8", code="INVALID_DURATION")
        sound = fields.flag("generate_audio", False)
        fields.flag("fixed_lens", False)
        urls = fields.texts("image_urls", 0, 1, [], code="TOO_MANY_IMAGES")
        callback = self.desk.check_callback(fields.text("callback_url", None))
        fields.nothing_else()
        self.desk.gate(account, prompt, body)
        amount = Decimal(CREDITS[resolution, duration][sound])
        self.desk.afford(self, account, amount)
        pictures = await self.desk.pictures.take([PictureRequest("start", url) for url in urls])
        width, height = film_size(resolution, aspect)
        references = tuple(picture.reference for picture in pictures)
        film = Recipe(prompt, width, height, frames=int(duration) * FPS, sound=sound, references=references)
        order = ParsedRequest(
            f"seed15{secrets.token_hex(8)}pro", prompt, (film,), amount, body, callback=callback
        )
        task = self.desk.take(self, request, account, order)
        return self.desk.answer(request, task, _envelope({"task_id": task.id, "status": "IN_PROGRESS"}))

    async def status(self, request: web.Request, account: str) -> web.Response:
        task_id = request.query.get("task_id", "")
        if not task_id:
            raise Refusal(Reason.INVALID, "task_id is required")
        task = self.desk.find(self, account, task_id)
        return web.json_response(_envelope(self._told(task, self.desk.links(task))))

    def _told(self, task: Task, links: Links) -> dict[str, Any]:
        failed = task.outcome == "failed"
        return {
            "task_id": task.id,
            "status": WORDS[self.desk.stage(task)],
            "consumed_credits": 0 if failed else int(task.amount),
            "created_at": datetime.fromtimestamp(task.made, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "request": task.body,
            "response": list(links.files),
            "error_message": task.reason or None,
        }

    def payload(self, task: Task, links: Links) -> dict[str, Any]:
        """The document shows no callback; this is the answer of its status call."""
        return _envelope(self._told(task, links))

    def forgery(self, task: Task, url: str) -> dict[str, Any]:
        return _envelope({**self._told(task, Links((url,))), "status": "SUCCESS"})


def _envelope(data: dict[str, Any]) -> dict[str, Any]:
    return {"code": 200, "message": "success", "data": data}
