"""api.acedata.cloud as its document has it, over real HTTP."""

import base64

import httpx
import pytest

from tests.sandbox.asking import Film, account, client, far, mean, until
from tests.sandbox.studio import picture

PRO, SOUND = "doubao-seedance-1-0-pro-250528", "doubao-seedance-1-5-pro-251215"
T2V, I2V = "doubao-seedance-1-0-lite-t2v-250428", "doubao-seedance-1-0-lite-i2v-250428"
SHORT = {"frames": 29, "resolution": "480p"}
HTTPS = {"type": "image_url", "image_url": {"url": "https://a.example/1.png"}}


@pytest.fixture
def asking(sandbox):
    return client(sandbox, "acedata")


def text(words):
    return {"type": "text", "text": words}


def frame(colour, role=None):
    url = "data:image/png;base64," + base64.b64encode(picture(colour)).decode()
    return {"type": "image_url", "image_url": {"url": url}, **({"role": role} if role else {})}


def generate(asking, *content, model=SOUND, **fields):
    return asking.post("/seedance/videos", json={"model": model, "content": list(content), **fields})


def retrieve(asking, task):
    return asking.post("/seedance/tasks", json={"id": task, "action": "retrieve"}).json()


def test_without_a_callback_the_answer_waits_for_the_film(asking):
    content = [
        text("From red to blue"),
        frame((220, 30, 30), "first_frame"),
        frame((30, 30, 220), "last_frame"),
    ]
    told = generate(asking, *content, **SHORT, return_last_frame=True, generate_audio=True).json()
    assert told["success"] is True
    assert told["task_id"] != told["data"]["task_id"]
    assert told["data"]["task_id"].startswith("cgt-")
    assert (told["data"]["status"], told["data"]["model"]) == ("succeeded", SOUND)
    film = Film(told["data"]["video_url"])
    assert (len(film.frames), film.sound) == (29, ["aac"])
    assert far(mean(film.frames[0], (0, 0, 1, 0.5)), (220, 30, 30)) < 14
    assert far(mean(film.frames[-1], (0, 0, 1, 0.5)), (30, 30, 220)) < 14
    last = httpx.get(told["data"]["last_frame_url"], trust_env=False)
    assert last.content.startswith(b"\x89PNG")


def test_with_a_callback_the_outer_id_comes_at_once_and_again(asking, studio):
    taken = generate(asking, text("Later"), **SHORT, callback_url=f"{studio.url}/hook/ace").json()
    assert list(taken) == ["task_id"]
    [called] = studio.calls("/hook/ace", 1)
    assert (called["task_id"], called["success"]) == (taken["task_id"], True)
    assert called["data"]["video_url"].endswith(".mp4")


def test_async_is_read_by_the_task_calls(asking):
    task = generate(asking, text("Unhurried"), **SHORT, **{"async": True}).json()["task_id"]
    first = retrieve(asking, task)
    assert (first["id"], first["type"], first["request"]["frames"]) == (task, "videos", 29)
    assert first["response"]["data"]["status"] == "processing"
    assert "finished_at" not in first
    told = until(lambda: retrieve(asking, task), lambda record: "finished_at" in record)
    assert told["response"]["data"]["status"] == "succeeded"
    batch = asking.post("/seedance/tasks", json={"ids": [task, "no"], "action": "retrieve_batch"}).json()
    assert (batch["count"], batch["items"][0]["id"]) == (1, task)


def test_flags_in_the_prompt_are_read_weakly_and_fields_win(asking):
    words = "A kitten --rs 480p --rt 9:16 --frames 29 --dur 99 --seed x"
    film = Film(generate(asking, text(words), model=PRO).json()["data"]["video_url"])
    assert (film.size, len(film.frames), film.sound) == ((480, 864), 29, [])
    film = Film(generate(asking, text(words), model=PRO, ratio="1:1", frames=33).json()["data"]["video_url"])
    assert (film.size, len(film.frames)) == ((640, 640), 33)


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        ([], {}),
        ([text("x")], {"model": "seedance-2.0"}),
        ([text("x"), {"type": "image_url", "image_url": "https://a.example/1.png"}], {}),
        ([text("x"), HTTPS], {"model": T2V}),
        ([text("x")], {"model": I2V}),
        ([text("x"), HTTPS, HTTPS], {}),
        ([text("x"), {**HTTPS, "role": "last_frame"}], {}),
        ([text("x"), {**HTTPS, "role": "reference_image"}], {}),
        ([text("x")], {"duration": "5"}),
        ([text("x")], {"duration": 13}),
        ([text("x")], {"frames": 30}),
        ([text("x")], {"framespersecond": 25}),
        ([text("x")], {"seed": 4294967296}),
        ([text("x")], {"seed": True}),
        ([text("x")], {"execution_expires_after": 60}),
        ([text("x")], {"service_tier": "cheap"}),
        ([text("x")], {"camera_fixed": True}),
        ([text("x")], {"watermark": None}),
    ],
)
def test_what_the_document_forbids_is_refused_and_free(sandbox, asking, content, fields):
    refused = generate(asking, *content, **fields)
    assert refused.status_code == 400
    assert refused.json()["success"] is False
    assert refused.json()["error"]["code"] == "bad_request"
    assert refused.json()["trace_id"]
    assert sandbox.ledger(account(asking)) == []


def test_errors_have_their_codes(sandbox, asking):
    stranger = generate(client(sandbox, "acedata", "other"), text("x"))
    assert (stranger.status_code, stranger.json()["error"]["code"]) == (401, "invalid_token")
    poor = generate(client(sandbox, "acedata", "rehearsal-empty-4"), text("x"))
    assert (poor.status_code, poor.json()["error"]["code"]) == (403, "used_up")
    missing = asking.post("/seedance/tasks", json={"id": "nothing"})
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "not_found")


def test_a_failed_film_answers_with_its_reason(asking, studio):
    waited = generate(asking, text("[fail] x"), **SHORT)
    assert (waited.status_code, waited.json()["error"]["code"]) == (500, "api_error")
    generate(asking, text("[fail] y"), **SHORT, callback_url=f"{studio.url}/hook/ace-failed")
    [called] = studio.calls("/hook/ace-failed", 1)
    assert (called["success"], called["data"]["status"]) == (False, "failed")
