"""Short ways to ask a vendor something in a test."""

import json

from videos.vendors import options, registry
from videos.vendors.contract import Model, Picture, Problem, Reply, Value, Wish

IDEM = "0b9a3a52-7d5c-4f0e-9d3e-2f3f1f8f6a10"


def reply(status: int, body: object, **headers: str) -> Reply:
    """``body`` is an object, or the raw bytes."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Reply(status, raw, {name.replace("_", "-"): value for name, value in headers.items()})


def start(url: str = "https://studio.example/start.png") -> Picture:
    return Picture("start", url)


def end(url: str = "https://studio.example/end.png") -> Picture:
    return Picture("end", url)


def references(count: int, media: str = "image") -> tuple[Picture, ...]:
    return tuple(Picture("reference", f"https://studio.example/{n}.png", media) for n in range(1, count + 1))


def body(
    key: str, prompt: str = "A cat in the rain", *pictures: Picture, callback: str = "", **asked: Value
) -> dict:
    """What goes over the wire, as an object."""
    model = registry.model(key)
    wish = Wish(prompt, asked, pictures)
    call = registry.vendor(model.vendor).submit(model, wish, callback_url=callback, idem_key=IDEM)
    return json.loads(call.body)


def problems(
    key: str, prompt: str = "A cat in the rain", *pictures: Picture, **asked: Value
) -> list[Problem]:
    return options.check(registry.model(key), Wish(prompt, asked, pictures))


def codes(found: list[Problem]) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in found]


def filled(model: Model) -> list[Wish]:
    """One wish per mode of a model, every slot filled to the brim."""
    return [
        Wish(
            "A cat in the rain",
            {},
            tuple(
                Picture(slot.role, f"https://studio.example/{slot.role}{n}.png")
                for slot in mode.slots
                for n in range(slot.maximum)
            ),
        )
        for mode in model.modes
    ]
