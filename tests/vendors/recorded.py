"""The recordings beside this file: what the documents show, as files.

``request-*.json`` holds a wish in our words, the document's own example, and
the exact bytes we send for it. The others hold one answer (to a submit, a
check, or a callback) and what must be read out of it.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from videos.vendors import options, registry
from videos.vendors.contract import Call, Finished, Picture, Reply, Wish

FOLDER = Path(__file__).parent / "recordings"
DOCUMENTS = Path(__file__).parents[2] / "docs" / "vendors"


@dataclass(frozen=True)
class Recording:
    slug: str
    name: str
    told: dict

    @property
    def vendor(self):
        return registry.vendor(self.slug)

    @property
    def model(self):
        return registry.model(self.told["model"])

    def wish(self) -> Wish:
        """The wish as a form would make it: inline flags already lifted."""
        prompt, flags, problems = options.lift_flags(self.model, self.told["prompt"])
        assert problems == []
        pictures = tuple(Picture(**picture) for picture in self.told["pictures"])
        return Wish(prompt, {**self.told["options"], **flags}, pictures)

    def call(self) -> Call:
        told = self.told
        wish = self.wish()
        return self.vendor.submit(
            self.model, wish, callback_url=told["callback_url"], idem_key=told["idem_key"]
        )

    def body(self) -> bytes:
        told = self.told
        return told["text"].encode() if "text" in told else json.dumps(told["body"]).encode()

    def reply(self) -> Reply:
        return Reply(self.told["status"], self.body(), self.told["headers"])

    def read(self):
        if self.told["to"] == "callback":
            return self.vendor.read_callback(self.body())
        return getattr(self.vendor, f"read_{self.told['to']}")(self.reply())


def recordings(pattern: str) -> list[Recording]:
    return [
        Recording(path.parent.name, path.stem, json.loads(path.read_text("utf-8")))
        for path in sorted(FOLDER.glob(f"*/{pattern}.json"))
    ]


def recording(slug: str, name: str) -> Recording:
    return Recording(slug, name, json.loads((FOLDER / slug / f"{name}.json").read_text("utf-8")))


def plainly(value: object) -> object:
    """An outcome's field the way the recordings spell it."""
    if isinstance(value, tuple):
        return [[found.kind, found.url] for found in value]
    if hasattr(value, "amount"):
        refunded = None if value.refunded is None else str(value.refunded)
        return {"amount": str(value.amount), "refunded": refunded}
    return str(value) if isinstance(value, str) else value


def says(outcome: object, expected: dict) -> None:
    """Every expected field, the nested outcome of a submit included."""
    for name, want in expected.items():
        got = getattr(outcome, name)
        if name == "now" and want is not None:
            assert type(got).__name__ == want["outcome"]
            says(got, {key: value for key, value in want.items() if key != "outcome"})
        else:
            assert plainly(got) == want, name


def urls(outcome: Finished) -> list[str]:
    return [found.url for found in outcome.outputs]
