"""Serves the rendered films, at unguessable addresses that expire."""

import asyncio
import gzip
import time

from aiohttp import web

from videos.sandbox.desk import Desk
from videos.sandbox.film_queue import RenderFailed
from videos.sandbox.spoil import damage

FRAME = 65536
TYPES = {"mp4": "video/mp4", "png": "image/png", "jpg": "image/jpeg"}


class Media:
    def __init__(self, desk: Desk):
        self.desk = desk

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serves one film; ranges work. 404 for an unknown or dead link, 403 for an expired one."""
        link = self.desk.store.followed(request.match_info["token"])
        if link is None or link["dead"]:
            raise web.HTTPNotFound
        if link["expires"] < time.time():
            raise web.HTTPForbidden(text="Request has expired")
        task = self.desk.store.task(link["task"])
        recipe = task.recipes[0] if link["place"] == "last" else task.recipes[int(link["place"])]
        try:
            path = await self.desk.renderer.film(recipe)
        except RenderFailed as problem:
            raise web.HTTPNotFound from problem
        path = path.with_name(link["name"])
        ending = path.suffix[1:]
        if "unreadable" in task.tags:
            body, media_type = damage(await asyncio.to_thread(path.read_bytes), task.tags["unreadable"])
            return web.Response(body=body, content_type=media_type or TYPES[ending])
        headers = {"Content-Type": TYPES[ending]}
        if how := task.tags.get("encoded"):
            body = await asyncio.to_thread(lambda: pack(path.read_bytes(), how, headers))
            return web.Response(body=body, headers=headers)
        if "encoded" in task.tags:
            headers["Content-Encoding"] = "aws-chunked"
        return web.FileResponse(path, headers=headers | {"Accept-Ranges": "bytes"})


def pack(film: bytes, how: str, headers: dict[str, str]) -> bytes:
    """Returns the film encoded as ``[encoded:...]`` asks for; sets Content-Encoding in ``headers``."""
    if how == "gzip":
        headers["Content-Encoding"] = "gzip"
        return gzip.compress(film)
    headers["Content-Encoding"] = "aws-chunked"
    pieces = [film[at : at + FRAME] for at in range(0, len(film), FRAME)] + [b""]
    return b"".join(b"%x;chunk-signature=%064x\r\n%s\r\n" % (len(piece), 0, piece) for piece in pieces)
