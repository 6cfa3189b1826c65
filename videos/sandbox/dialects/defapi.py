"""api.defapi.org, after ``docs/vendors/defapi.txt``.

Not in the document but seen in public clients: the words ``pending``,
``in_progress`` and ``failed``, a flat callback, and a 404 for the first moments
of a task. It lists no code for an empty account: that is a 400 here.
"""

import re
import time
import uuid
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

RATIOS = ("16:9", "9:16", "1:1", "4:3", "3:4", "21:9")
MOST_IMAGES = 9
RESOLUTION = "720p"  # not to be asked for; what Seedance 2.0 makes by itself
PRICE = Decimal("0.1")  # a second: the document's example consumed 0.5, and five seconds is the default
UNSEEN = 2.0  # sandbox seconds for which a new task is not found
WORDS = {
    Stage.QUEUED: "pending",
    Stage.RUNNING: "in_progress",
    Stage.ODD: ODD_WORD,
    Stage.CHECKED: CHECK_WORD,
    Stage.DONE: "success",
    Stage.FAILED: "failed",
}
STATUS = {
    Reason.KEY: 401,
    Reason.INVALID: 400,
    Reason.CONTENT: 400,
    Reason.CREDITS: 400,
    Reason.BUSY: 429,
    Reason.NOT_FOUND: 404,
    Reason.NOT_YOURS: 404,
    Reason.OUTAGE: 500,
    Reason.OVERLOADED: 500,
}


class Defapi:
    slug = "defapi"
    unit = "units"
    refunds = False  # nothing is said about it anywhere

    def __init__(self, desk: Desk):
        self.desk = desk

    def routes(self) -> list[tuple[str, str, Any]]:
        return [("POST", "/api/video/seedance/gen", self.generate), ("GET", "/api/task/query", self.query)]

    def refuse(self, trouble: Refusal) -> tuple[int, dict[str, Any]]:
        return STATUS[trouble.why], {"code": 1, "message": trouble.message}

    async def generate(self, request: web.Request, account: str) -> web.Response:
        body = await read_body(request)
        fields = Fields(body)
        model = fields.choice("model", ("seedance-2.0",), "seedance-2.0")
        prompt, urls = _content(fields.value("content"))
        duration = fields.choice("duration", (5, 10, 15), 5)
        aspect = fields.choice("ratio", RATIOS, "16:9")
        callback = self.desk.check_callback(fields.text("callback_url", None))
        fields.nothing_else()
        self.desk.gate(account, prompt, body)
        amount = PRICE * duration
        self.desk.afford(self, account, amount)
        pictures = await self.desk.pictures.take([PictureRequest("reference", url) for url in urls])
        references = tuple(picture.reference for picture in pictures)
        size = film_size(RESOLUTION, aspect)
        film = Recipe(prompt, *size, frames=duration * FPS, references=references)
        order = ParsedRequest(f"ta{uuid.uuid4()}", prompt, (film,), amount, body, model, callback)
        task = self.desk.take(self, request, account, order)
        return self.desk.answer(request, task, _envelope({"task_id": task.id}))

    async def query(self, request: web.Request, account: str) -> web.Response:
        task_id = request.query.get("task_id", "")
        if not task_id:
            raise Refusal(Reason.INVALID, "task_id is required")
        task = self.desk.find(self, account, task_id)
        if time.time() < task.made + UNSEEN / self.desk.controls.speed:
            raise Refusal(Reason.NOT_FOUND, "task not found")
        made = datetime.fromtimestamp(task.made, UTC).isoformat(timespec="milliseconds")
        told = self.payload(task, self.desk.links(task))
        told["consumed"] = f"{task.amount if task.outcome else 0:.6f}"
        told["created_at"] = made.replace("+00:00", "Z")
        return web.json_response(_envelope(told))

    def payload(self, task: Task, links: Links) -> dict[str, Any]:
        """Flat, without an envelope: what public clients expect; the document shows none."""
        return {
            "task_id": task.id,
            "status": WORDS[self.desk.stage(task)],
            "result": {"video": links.files[0]} if links.files else None,
            "status_reason": {"message": task.reason or None},
        }

    def forgery(self, task: Task, url: str) -> dict[str, Any]:
        return {**self.payload(task, Links((url,))), "status": "success"}


def _content(items: Any) -> tuple[str, list[str]]:
    """The prompt and the pictures' addresses, in order."""
    if not isinstance(items, list) or not items or not all(isinstance(item, dict) for item in items):
        raise Refusal(Reason.INVALID, "content must be a non-empty array of objects")
    texts, urls = [], []
    for index, item in enumerate(items):
        fields = Fields(item, f"content[{index}].")
        if fields.choice("type", ("text", "image_url")) == "text":
            texts.append(fields.text("text"))
        else:
            urls.append(_image(fields.value("image_url"), index))
        fields.nothing_else()
    if not texts:
        raise Refusal(Reason.INVALID, "content must have a text item")
    if len(urls) > MOST_IMAGES:
        raise Refusal(Reason.INVALID, f"content may have at most {MOST_IMAGES} images")
    prompt = " ".join(texts)
    for number in re.findall(r"@image(\d+)", prompt):
        if not 1 <= int(number) <= len(urls):
            raise Refusal(Reason.INVALID, f"@image{number} refers to no image")
    return prompt, urls


def _image(value: Any, index: int) -> str:
    if not isinstance(value, dict):
        raise Refusal(Reason.INVALID, f"content[{index}].image_url must be an object")
    fields = Fields(value, f"content[{index}].image_url.")
    url = fields.text("url")
    fields.nothing_else()
    return url


def _envelope(data: dict[str, Any]) -> dict[str, Any]:
    return {"code": 0, "message": "ok", "data": data}
