"""api.seedanceapi.dev as its document has it, over real HTTP."""

import pytest

from tests.sandbox.asking import Film, account, client, until


@pytest.fixture
def asking(sandbox):
    return client(sandbox, "seedanceapi-dev")


def query(asking, task):
    return asking.post("/v1/video/query", json={"task_id": task})


def test_the_model_fixes_size_length_and_price(sandbox, studio, asking):
    body = {
        "prompt": "一只戴着墨镜的猫在沙滩上行走",
        "model": "seedance-lite-5s",
        "image": f"{studio.url}/tall.png",
    }
    taken = asking.post("/v1/video/generate", json=body).json()
    assert taken["code"] == 0
    assert taken["data"]["status"] == "pending"
    assert (taken["data"]["model"], taken["data"]["scene"]) == ("seedance-lite-5s", "image-to-video")
    task = taken["data"]["task_id"]
    told = until(
        lambda: query(asking, task).json()["data"], lambda data: data["status"] in ("success", "failed")
    )
    assert told["error"] is None
    film = Film(told["videos"][0]["url"])
    assert len(film.frames) == 120
    assert film.size == (784, 1168)  # the picture's 2:3 in the area of 720p
    assert [(entry["amount"], entry["unit"]) for entry in sandbox.ledger(account(asking))] == [
        ("12", "credits")
    ]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"model": "seedance-pro-5s"},
        {"prompt": "x", "model": "seedance-2.0"},
        {"prompt": "x", "duration": 5},
        {"prompt": "x", "image": None},
        {"prompt": 7},
    ],
)
def test_what_the_document_forbids_is_refused_and_free(sandbox, asking, body):
    refused = asking.post("/v1/video/generate", json=body)
    assert (refused.status_code, refused.json()["code"]) == (400, 400)
    assert sandbox.ledger(account(asking)) == []


def test_errors_have_their_numbers(sandbox, asking):
    task = asking.post("/v1/video/generate", json={"prompt": "[late] x"}).json()["data"]["task_id"]
    assert query(asking, "nothing").json()["code"] == 404
    assert query(client(sandbox, "seedanceapi-dev"), task).json()["code"] == 403
    assert query(client(sandbox, "seedanceapi-dev", "sk-other"), task).json()["code"] == 401
    poor = client(sandbox, "seedanceapi-dev", "rehearsal-empty-2")
    refused = poor.post("/v1/video/generate", json={"prompt": "x"})
    assert refused.json() == {"code": 400, "message": "Insufficient credits"}


def test_errors_can_come_with_http_200(sandbox, asking):
    sandbox.control(flat=True)
    try:
        answer = query(asking, "nothing")
    finally:
        sandbox.control(flat=False)
    assert (answer.status_code, answer.json()["code"]) == (200, 404)
