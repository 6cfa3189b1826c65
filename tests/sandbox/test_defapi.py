"""api.defapi.org as its document has it, over real HTTP."""

import re

import pytest

from tests.sandbox.asking import Film, account, client, far, mean, until


@pytest.fixture
def asking(sandbox):
    return client(sandbox, "defapi")


def text(words):
    return {"type": "text", "text": words}


def image(url):
    return {"type": "image_url", "image_url": {"url": url}}


def generate(asking, *content, **fields):
    return asking.post("/api/video/seedance/gen", json={"content": list(content), **fields})


def query(asking, task):
    return asking.get("/api/task/query", params={"task_id": task})


def test_pictures_by_number_a_late_first_answer_and_a_flat_callback(sandbox, studio, asking, turned):
    content = [
        text("The cat in @image1 meets @image2"),
        image(f"{studio.url}/red.png"),
        image(f"{studio.url}/blue.png"),
    ]
    taken = generate(asking, *content, model="seedance-2.0", callback_url=f"{studio.url}/hook/defapi").json()
    task = taken["data"]["task_id"]
    assert re.fullmatch(r"ta[0-9a-f-]{36}", task)
    turned(speed=1)  # else those moments are over in 40 ms
    assert query(asking, task).status_code == 404  # as public clients see it
    turned(speed=50)
    told = until(
        lambda: query(asking, task),
        lambda answer: answer.status_code == 200 and answer.json()["data"]["result"],
    )
    data = told.json()["data"]
    assert (data["status"], data["consumed"], data["status_reason"]) == (
        "success",
        "0.500000",
        {"message": None},
    )
    [called] = studio.calls("/hook/defapi", 1)
    assert (called["task_id"], called["status"]) == (task, "success")
    film = Film(data["result"]["video"])
    assert film.size == (1280, 720)
    colours = [mean(film.frames[0], (x / 100, 0.73, x / 100 + 0.01, 0.75)) for x in range(3, 24)]
    assert any(far(colour, (220, 30, 30)) < 40 for colour in colours)
    assert any(far(colour, (30, 30, 220)) < 40 for colour in colours)


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        ([], {}),
        ([image("https://a.example/1.png")], {}),
        ([text("x")], {"duration": "5"}),
        ([text("x")], {"duration": 8}),
        ([text("x")], {"ratio": "adaptive"}),
        ([text("x")], {"resolution": "720p"}),
        ([text("see @image2"), image("https://a.example/1.png")], {}),
        ([text("x"), {"type": "image_url", "image_url": "https://a.example/1.png"}], {}),
        ([text("x"), {**image("https://a.example/1.png"), "role": "first_frame"}], {}),
        ([text("x"), image("data:image/png;base64,AAAA")], {}),
        ([text("x"), *[image("https://a.example/1.png")] * 10], {}),
    ],
)
def test_what_the_document_forbids_is_refused_and_free(sandbox, asking, content, fields):
    refused = generate(asking, *content, **fields)
    assert (refused.status_code, refused.json()["code"]) == (400, 1)
    assert sandbox.ledger(account(asking)) == []


def test_every_error_is_code_1(sandbox, asking):
    assert generate(client(sandbox, "defapi", "dk-1234"), text("x")).status_code == 401
    missing = query(asking, "ta0")
    assert (missing.status_code, missing.json()["code"]) == (404, 1)
    poor = generate(client(sandbox, "defapi", "rehearsal-empty-3"), text("x"))
    assert (poor.status_code, poor.json()) == (400, {"code": 1, "message": "Insufficient credits"})
