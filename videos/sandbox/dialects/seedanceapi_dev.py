"""api.seedanceapi.dev, after ``docs/vendors/seedanceapi-dev.txt``.

Whether its errors come with their number as the HTTP status or with 200 is left
open (its samples look at ``code`` only): here they have it, and ``flat`` on the
control page makes them all 200. Neither shape nor size can be asked for: the
model fixes them, and a picture gives its shape to the film.
"""

import uuid
from decimal import Decimal
from typing import Any

from aiohttp import web

from videos.sandbox.checks import Fields, read_body
from videos.sandbox.desk import CHECK_WORD, ODD_WORD, Desk, Links, ParsedRequest, Stage
from videos.sandbox.film.recipe import FPS, Recipe
from videos.sandbox.film.shapes import adaptive_size, film_size
from videos.sandbox.ledger import Task
from videos.sandbox.pictures import PictureRequest
from videos.sandbox.refusals import Reason, Refusal

MODELS = {  # resolution, seconds, sound, credits
    "seedance-lite-5s": ("720p", 5, False, 12),
    "seedance-lite-10s": ("720p", 10, False, 24),
    "seedance-pro-5s": ("1080p", 5, False, 35),
    "seedance-pro-10s": ("1080p", 10, False, 70),
    "seedance-1.5-pro-5s": ("1080p", 5, True, 50),
    "seedance-1.5-pro-10s": ("1080p", 10, True, 100),
}
WORDS = {
    Stage.QUEUED: "pending",
    Stage.RUNNING: "processing",
    Stage.ODD: ODD_WORD,
    Stage.CHECKED: CHECK_WORD,
    Stage.DONE: "success",
    Stage.FAILED: "failed",
}
CODES = {
    Reason.KEY: 401,
    Reason.INVALID: 400,
    Reason.CONTENT: 400,
    Reason.CREDITS: 400,  # the document: "bad parameters or insufficient credits"
    Reason.BUSY: 429,  # in no list of the document, as everywhere here; asked for by tag or control page
    Reason.NOT_FOUND: 404,
    Reason.NOT_YOURS: 403,
    Reason.OUTAGE: 500,
    Reason.OVERLOADED: 500,
}


class SeedanceApiDev:
    slug = "seedanceapi-dev"
    unit = "credits"
    refunds = False  # the document does not speak of it

    def __init__(self, desk: Desk):
        self.desk = desk

    def routes(self) -> list[tuple[str, str, Any]]:
        return [("POST", "/v1/video/generate", self.generate), ("POST", "/v1/video/query", self.query)]

    def refuse(self, trouble: Refusal) -> tuple[int, dict[str, Any]]:
        code = CODES[trouble.why]
        return 200 if self.desk.controls.flat else code, {"code": code, "message": trouble.message}

    async def generate(self, request: web.Request, account: str) -> web.Response:
        body = await read_body(request)
        fields = Fields(body)
        prompt = fields.text("prompt", "")
        model = fields.choice("model", tuple(MODELS), "seedance-pro-5s")
        image = fields.text("image", "")
        fields.nothing_else()
        if not prompt and not image:
            raise Refusal(Reason.INVALID, "prompt or image is required")
        resolution, seconds, sound, credits = MODELS[model]
        self.desk.gate(account, prompt, body)
        self.desk.afford(self, account, Decimal(credits))
        pictures = await self.desk.pictures.take([PictureRequest("start", image)] if image else [])
        size = adaptive_size(resolution, pictures[0].size) if pictures else film_size(resolution, "16:9")
        references = tuple(picture.reference for picture in pictures)
        film = Recipe(prompt, *size, frames=seconds * FPS, sound=sound, references=references)
        order = ParsedRequest(str(uuid.uuid4()), prompt, (film,), Decimal(credits), body, model)
        task = self.desk.take(self, request, account, order)
        return self.desk.answer(request, task, _envelope({**_name(task), "status": "pending"}))

    async def query(self, request: web.Request, account: str) -> web.Response:
        fields = Fields(await read_body(request))
        task_id = fields.text("task_id")
        fields.nothing_else()
        task = self.desk.find(self, account, task_id)
        links = self.desk.links(task)
        told = {**_name(task), "status": WORDS[self.desk.stage(task)], "error": task.reason or None}
        if task.outcome:
            told["videos"] = [{"url": url} for url in links.files]
        return web.json_response(_envelope(told))

    def payload(self, task: Task, links: Links) -> dict[str, Any]:
        """Never sent: this vendor has no callbacks."""
        return {}

    def forgery(self, task: Task, url: str) -> dict[str, Any]:
        """Never sent, either."""
        return {}


def _name(task: Task) -> dict[str, str]:
    scene = "image-to-video" if "image" in task.body else "text-to-video"
    return {"task_id": task.id, "model": task.model, "scene": scene}


def _envelope(data: dict[str, Any]) -> dict[str, Any]:
    return {"code": 0, "message": "ok", "data": data}
