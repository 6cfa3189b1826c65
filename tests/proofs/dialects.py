"""What each of the five vendors says, in its own words: written from the recordings beside
tests/vendors, so that one fault can be tried on all of them."""

from videos.vendors import registry

SLUGS = tuple(registry.VENDORS)
# Where only a look goes; everything else that is posted is a paid request.
LOOKS = ("/v1/video/query", "/seedance/tasks")
WORDS = {  # working, made, failed
    "defapi": ("in_progress", "success", "failed"),
    "seedanceapi-dev": ("processing", "success", "failed"),
    "seedanceapi-org": ("IN_PROGRESS", "SUCCESS", "FAILED"),
    "seedance2ai": ("processing", "completed", "failed"),
    "acedata": ("running", "succeeded", "failed"),
}
OK = {"seedanceapi-org": 200}  # the body code that means "fine"; nought elsewhere
# (status, body code) of a documented refusal; a body code of None is the status itself.
KINDS = {
    "key": (401, {"acedata": "invalid_token", "seedance2ai": "unauthorized", "defapi": 1}),
    "credits": (402, {"acedata": "used_up", "seedance2ai": "insufficient_credits", "defapi": 1}),
    "request": (400, {"acedata": "bad_request", "seedance2ai": "invalid_request", "defapi": 1}),
    "busy": (429, {"acedata": "too_many_requests", "seedance2ai": "rate_limited", "defapi": 1}),
    "task": (404, {"acedata": "not_found", "seedance2ai": "not_found", "defapi": 1}),
    "conflict": (409, {"acedata": "conflict", "seedance2ai": "idempotency_conflict", "defapi": 1}),
    "content": (403, {"acedata": "forbidden", "seedance2ai": "forbidden", "defapi": 1}),
}


def taken(slug: str, task: str) -> dict:
    if slug == "acedata":
        return {"task_id": task}
    if slug == "seedance2ai":
        return {"id": task, "status": "processing"}
    return {"code": OK.get(slug, 0), "message": "ok", "data": {"task_id": task}}


def state(slug: str, task: str, word: str, **more: object) -> dict:
    """The answer to a look, with whatever ``word`` and further fields."""
    if slug == "acedata":
        return {"id": task, "response": {"task_id": task, "data": {"status": word, **more}}}
    if slug == "seedance2ai":
        return {"id": task, "status": word, **more}
    return {"code": OK.get(slug, 0), "message": "ok", "data": {"task_id": task, "status": word, **more}}


def working(slug: str, task: str) -> dict:
    return state(slug, task, WORDS[slug][0])


def made(slug: str, task: str, url: object) -> dict:
    """``url`` where this vendor puts the address of a film; None leaves it out."""
    place = {
        "acedata": {"video_url": url},
        "seedance2ai": {"output": {"video_url": url}},
        "defapi": {"result": {"video": url}},
        "seedanceapi-dev": {"videos": [{"url": url}]},
        "seedanceapi-org": {"response": [url]},
    }[slug]
    return state(slug, task, WORDS[slug][1], **(place if url is not None else {}))


def failed(slug: str, task: str) -> dict:
    reason = {
        "defapi": {"status_reason": {"message": "boom"}},
        "seedanceapi-org": {"error_message": "boom"},
        "seedance2ai": {"error": {"code": "internal_error", "message": "boom"}},
    }.get(slug, {"error": "boom"})
    return state(slug, task, WORDS[slug][2], **reason)


def refusal(slug: str, kind: str) -> tuple[int, dict]:
    """HTTP status and body of a documented no; ``kind`` is a key of KINDS."""
    status, codes = KINDS[kind]
    code = codes.get(slug, status)
    words = {"credits": "Insufficient credits", "content": "Content violates the policy"}.get(kind, kind)
    if slug in ("acedata", "seedance2ai"):
        return status, {"error": {"code": code, "message": words}}
    return status, {"code": code, "message": words}
