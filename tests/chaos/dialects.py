"""How the five vendors speak, as far as a fault vendor has to: one prompt in, one film out."""

from dataclasses import dataclass

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Dialect:
    """``model`` is what people choose; ``submit`` and ``look`` are paths below the vendor's slug."""

    model: str
    submit: str
    look: str
    look_method: str = "GET"

    @property
    def slug(self) -> str:
        return self.model.partition("/")[0]


DIALECTS = (
    Dialect("seedanceapi-org/seedance-2.0", "/v1/generate", "/v1/status"),
    Dialect("seedance2ai/seedance", "/api/v1/video/seedance", "/api/v1/tasks/{task}"),
    Dialect("seedanceapi-dev/seedance-lite-5s", "/v1/video/generate", "/v1/video/query", "POST"),
    Dialect("defapi/seedance-2.0", "/api/video/seedance/gen", "/api/task/query"),
    Dialect("acedata/doubao-seedance-1-5-pro-251215", "/seedance/videos", "/seedance/tasks", "POST"),
)
IDEMPOTENT = "seedance2ai"


def prompt_of(body: dict) -> str:
    if "prompt" in body:
        return body["prompt"]
    return " ".join(item["text"] for item in body["content"] if item["type"] == "text")


async def task_asked_about(request: web.Request) -> str:
    if task := request.match_info.get("task") or request.query.get("task_id"):
        return task
    body = await request.json()
    return body.get("task_id") or body.get("id") or ""


def told(slug: str, task: str, film: str = "") -> dict:
    """The answer about a task: taken or being made without a ``film``, else done with it."""
    word = "success" if film else "processing"
    match slug:
        case "seedanceapi-org":
            data = {"task_id": task, "status": word.upper(), "response": [film] if film else []}
            return {"code": 200, "message": "success", "data": data}
        case "seedanceapi-dev":
            data = {"task_id": task, "status": word, "videos": [{"url": film}] if film else []}
            return {"code": 0, "message": "ok", "data": data}
        case "defapi":
            data = {"task_id": task, "status": word, "result": {"video": film} if film else None}
            return {"code": 0, "message": "ok", "data": data}
        case "acedata":
            data = {"task_id": f"cgt-{task}", "status": word, "video_url": film or None}
            return {"id": task, "task_id": task, "response": {"task_id": task, "data": data}}
        case _:
            output = {"output": {"video_url": film}} if film else {}
            return {"id": task, "status": "completed" if film else word, **output}
