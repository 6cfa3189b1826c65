"""Reads a JSON body strictly: the right types, legal values, and no unknown key."""

import json
from collections.abc import Collection
from typing import Any

from aiohttp import web

from videos.sandbox.refusals import Reason, Refusal

MISSING = object()


async def read_body(request: web.Request) -> dict[str, Any]:
    """Returns the JSON object sent. Its content type must be declared, as in every document's example."""
    if request.content_type != "application/json":
        raise Refusal(Reason.INVALID, "Content-Type must be application/json")
    try:
        body = json.loads(await request.read())
    except ValueError as problem:
        raise Refusal(Reason.INVALID, "The body is not valid JSON") from problem
    if not isinstance(body, dict):
        raise Refusal(Reason.INVALID, "The body must be a JSON object")
    return body


class Fields:
    """Reads one object. Every method takes a key, marks it as known, and raises Refusal
    with ``code`` (the document's own, where it has one) when its value is not legal.
    ``null`` is a value like any other, and legal nowhere in the five documents."""

    def __init__(self, body: dict[str, Any], where: str = ""):
        self.body, self.where = body, where
        self.seen: set[str] = set()

    def bad(self, name: str, rule: str, code: str = "") -> Refusal:
        return Refusal(Reason.INVALID, f"{self.where}{name} {rule}", code)

    def value(self, name: str, default: Any = MISSING, code: str = "") -> Any:
        self.seen.add(name)
        if name not in self.body and default is MISSING:
            raise self.bad(name, "is required", code)
        return self.body.get(name, default)

    def text(
        self, name: str, default: Any = MISSING, least: int = 1, most: int | None = None, code: str = ""
    ) -> Any:  # fmt: skip
        value = self.value(name, default, code)
        if name not in self.body:
            return value
        if not isinstance(value, str):
            raise self.bad(name, "must be a string", code)
        if len(value.strip()) < least:
            raise self.bad(
                name, f"must have at least {least} characters" if least > 1 else "must not be empty", code
            )
        if most is not None and len(value) > most:
            raise self.bad(name, f"must have at most {most} characters", code)
        return value

    def choice(self, name: str, legal: Collection[Any], default: Any = MISSING, code: str = "") -> Any:
        """The type counts: where the document says string, the number 5 is not "5"."""
        value = self.value(name, default, code)
        if name in self.body and not any(type(value) is type(one) and value == one for one in legal):
            raise self.bad(name, f"must be one of {', '.join(json.dumps(one) for one in legal)}", code)
        return value

    def flag(self, name: str, default: Any = MISSING) -> Any:
        value = self.value(name, default)
        if name in self.body and not isinstance(value, bool):
            raise self.bad(name, "must be a boolean")
        return value

    def whole(self, name: str, low: int, high: int, default: Any = MISSING) -> Any:
        value = self.value(name, default)
        if name in self.body and (type(value) is not int or not low <= value <= high):
            raise self.bad(name, f"must be an integer from {low} to {high}")
        return value

    def texts(self, name: str, least: int, most: int, default: Any = MISSING, code: str = "") -> Any:
        value = self.value(name, default)
        if name not in self.body:
            return value
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.bad(name, "must be an array of strings")
        if not least <= len(value) <= most:
            raise self.bad(name, f"must have {least} to {most} items", code if len(value) > most else "")
        return value

    def nothing_else(self) -> None:
        unknown = sorted(set(self.body) - self.seen)
        if unknown:
            raise Refusal(Reason.INVALID, f"Unknown field: {self.where}{unknown[0]}")
