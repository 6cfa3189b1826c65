"""Speaking to the sandbox as a client of each vendor would."""

import io
import itertools
import time
from collections.abc import Callable
from typing import Any

import av
import httpx
from PIL import Image

from videos.sandbox.running import Sandbox

PATIENCE = 40.0
numbers = itertools.count()


def client(sandbox: Sandbox, slug: str, key: str | None = None) -> httpx.Client:
    """A client with an account of its own, unless ``key`` says whose."""
    key = key or f"rehearsal-{next(numbers)}"
    return httpx.Client(
        base_url=sandbox.base(slug),
        headers={"Authorization": f"Bearer {key}"},
        timeout=PATIENCE,
        trust_env=False,
    )


def account(asking: httpx.Client) -> str:
    return asking.headers["Authorization"].removeprefix("Bearer ")


def until(ask: Callable[[], Any], done: Callable[[Any], bool]) -> Any:
    """Asks until ``done``, and gives that answer."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        answer = ask()
        if done(answer):
            return answer
        time.sleep(0.03)
    raise AssertionError(f"still not done: {answer}")


def org(asking: httpx.Client, prompt: str, **fields: Any) -> httpx.Response:
    """The shortest film of seedanceapi.org."""
    small = {"aspect_ratio": "16:9", "resolution": "480p", "duration": "4"}
    return asking.post("/v1/generate", json={"prompt": prompt, **small, **fields})


def org_end(asking: httpx.Client, answer: httpx.Response) -> dict[str, Any]:
    """Its status answer, when the task has ended."""
    assert answer.status_code == 200, answer.text
    task = {"task_id": answer.json()["data"]["task_id"]}
    ask = lambda: asking.get("/v1/status", params=task).json()["data"]  # noqa: E731
    return until(ask, lambda told: told["status"] in ("SUCCESS", "FAILED"))


class Film:
    """An MP4 as it was delivered, decoded."""

    def __init__(self, url: str):
        answer = httpx.get(url, trust_env=False)
        answer.raise_for_status()
        self.data = answer.content
        with av.open(io.BytesIO(self.data)) as container:
            video = container.streams.video[0]
            self.codec, self.pixels = video.codec_context.name, video.codec_context.pix_fmt
            self.rate = float(video.average_rate)
            self.sound = [stream.codec_context.name for stream in container.streams.audio]
            self.seconds = container.duration / av.time_base
            self.frames = [frame.to_image() for frame in container.decode(video)]
        self.size = self.frames[0].size


def mean(picture: Image.Image, box: tuple[float, float, float, float]) -> tuple[int, ...]:
    """The average colour of a part, given in shares of width and height."""
    width, height = picture.size
    part = picture.crop(
        (round(box[0] * width), round(box[1] * height), round(box[2] * width), round(box[3] * height))
    )
    return part.convert("RGB").resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))


def far(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    return max(abs(a - b) for a, b in zip(one, other, strict=True))
