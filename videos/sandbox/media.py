"""The films themselves, at addresses nobody can guess and that die after a while."""

import asyncio
import time

from aiohttp import web

from videos.sandbox.darkroom import Spoiled
from videos.sandbox.desk import Desk
from videos.sandbox.spoil import spoiled

TYPES = {"mp4": "video/mp4", "png": "image/png", "jpg": "image/jpeg"}


class Media:
    def __init__(self, desk: Desk):
        self.desk = desk

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Ranges are honoured. 404: never was or dead; 403: no longer."""
        link = self.desk.books.followed(request.match_info["token"])
        if link is None or link["dead"]:
            raise web.HTTPNotFound
        if link["expires"] < time.time():
            raise web.HTTPForbidden(text="Request has expired")
        task = self.desk.books.task(link["task"])
        recipe = task.recipes[0] if link["place"] == "last" else task.recipes[int(link["place"])]
        try:
            path = await self.desk.darkroom.film(recipe)
        except Spoiled as problem:
            raise web.HTTPNotFound from problem
        path = path.with_name(link["name"])
        ending = path.suffix[1:]
        if "unreadable" in task.tags:
            body, media_type = spoiled(await asyncio.to_thread(path.read_bytes), task.tags["unreadable"])
            return web.Response(body=body, content_type=media_type or TYPES[ending])
        return web.FileResponse(path, headers={"Content-Type": TYPES[ending], "Accept-Ranges": "bytes"})
