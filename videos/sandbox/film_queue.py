"""Renders films one at a time, in a child process of low priority."""

import asyncio
import json
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from videos.sandbox.film.recipe import Recipe

LONGEST = 60.0  # seconds for one film, then its worker is ended
KEPT = 12  # newest files that stay, however large: they may be being downloaded
ROOT = Path(__file__).resolve().parents[2]


class RenderFailed(Exception):
    """A film could not be rendered; the text says why."""


class FilmRenderer:
    """Renders films from recipes into ``folder``, a cache of at most ``most_bytes``; reference pictures
    are read from ``pictures``."""

    def __init__(self, folder: Path, pictures: Path, most_bytes: int):
        self.folder, self.pictures, self.most_bytes = folder, pictures, most_bytes
        for place in (folder, pictures):
            place.mkdir(parents=True, exist_ok=True)
        self.hand = ThreadPoolExecutor(1, "film-renderer")  # one thread: one render at a time
        self.making: dict[str, asyncio.Task] = {}
        self.worker: subprocess.Popen | None = None
        self.closed = False

    async def film(self, recipe: Recipe) -> Path:
        """Returns the finished file, rendered now if it is missing. Raises RenderFailed."""
        path = self.folder / recipe.file
        if path.exists():
            os.utime(path)
            return path
        if recipe.name not in self.making:
            task = asyncio.create_task(self._make(recipe))
            task.add_done_callback(lambda _: self.making.pop(recipe.name, None))
            self.making[recipe.name] = task
        await asyncio.shield(self.making[recipe.name])
        return path

    async def _make(self, recipe: Recipe) -> None:
        answer = await asyncio.get_running_loop().run_in_executor(self.hand, self._ask, recipe)
        if answer["problem"]:
            raise RenderFailed(answer["problem"])
        self.make_room()

    def _ask(self, recipe: Recipe) -> dict:
        """Sends one recipe to the worker as a line and reads one line back; runs in the renderer's thread."""
        if self.closed:
            return {"problem": "the sandbox is closing"}
        if self.worker is None or self.worker.poll() is not None:
            self.worker = subprocess.Popen(
                [sys.executable, "-m", "videos.sandbox.film.worker", str(self.folder), str(self.pictures)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT,
            )  # fmt: skip
        limit = threading.Timer(LONGEST, self.worker.kill)
        limit.start()
        try:
            self.worker.stdin.write(recipe.to_json().encode() + b"\n")
            self.worker.stdin.flush()
            line = self.worker.stdout.readline()
        except OSError as problem:
            return {"problem": f"the worker went away: {problem}"}
        finally:
            limit.cancel()
        return json.loads(line) if line else {"problem": "the worker went away"}

    def make_room(self) -> None:
        """Deletes what was used least recently until films and pictures fit. A film that
        is asked for again is rendered again: its task keeps the recipe."""
        for place, most in ((self.folder, self.most_bytes), (self.pictures, self.most_bytes // 4)):
            files = [path for path in place.iterdir() if ".part" not in path.name]
            files.sort(key=lambda path: path.stat().st_mtime)
            total = sum(path.stat().st_size for path in files)
            for path in files[:-KEPT]:
                if total <= most:
                    break
                total -= path.stat().st_size
                path.unlink()

    async def close(self) -> None:
        """Kills the worker at once; an unfinished film leaves no file."""
        self.closed = True
        if self.worker is not None:
            self.worker.kill()
        await asyncio.gather(*self.making.values(), return_exceptions=True)
        await asyncio.to_thread(self.hand.shutdown, cancel_futures=True)
        if self.worker is not None:
            self.worker.wait()
            self.worker.stdout.close()
            try:
                self.worker.stdin.close()
            except BrokenPipeError:
                return  # a line the dead worker will not read
