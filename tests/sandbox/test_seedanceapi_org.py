"""seedanceapi.org as its document has it, over real HTTP."""

import httpx
import pytest

from tests.sandbox.asking import account, client, org, org_end


@pytest.fixture
def asking(sandbox):
    return client(sandbox, "seedanceapi-org")


def test_a_task_is_taken_charged_and_echoed(sandbox, asking):
    taken = org(asking, "A majestic eagle", fixed_lens=True).json()
    assert (taken["code"], taken["message"]) == (200, "success")
    assert taken["data"]["status"] == "IN_PROGRESS"
    told = asking.get("/v1/status", params={"task_id": taken["data"]["task_id"]}).json()["data"]
    assert told["consumed_credits"] == 8
    assert told["request"]["prompt"] == "A majestic eagle"
    assert told["response"] == []
    assert told["error_message"] is None
    assert [entry["amount"] for entry in sandbox.ledger(account(asking))] == ["8"]


@pytest.mark.parametrize(
    ("fields", "credits"),
    [
        ({"resolution": "480p", "duration": "4", "generate_audio": True}, "14"),
        ({"resolution": "480p", "duration": "12"}, "19"),
        ({"resolution": "720p", "duration": "8"}, "28"),
        ({"resolution": "720p", "duration": "12", "generate_audio": True}, "84"),
    ],
)
def test_prices_are_those_of_the_table(sandbox, asking, fields, credits):
    org(asking, "[late] Priced", **fields)
    assert [entry["amount"] for entry in sandbox.ledger(account(asking))] == [credits]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"prompt": ""}, "INVALID_PROMPT"),
        ({"prompt": "x" * 2001}, "INVALID_PROMPT"),
        ({"aspect_ratio": "adaptive"}, "INVALID_ASPECT_RATIO"),
        ({"resolution": "1080p"}, "INVALID_RESOLUTION"),
        ({"duration": 8}, "INVALID_DURATION"),
        ({"duration": "5"}, "INVALID_DURATION"),
        ({"image_urls": ["https://a.example/1.png", "https://a.example/2.png"]}, "TOO_MANY_IMAGES"),
        ({"image_urls": "https://a.example/1.png"}, "INVALID_REQUEST"),
        ({"generate_audio": "true"}, "INVALID_REQUEST"),
        ({"seed": 3}, "INVALID_REQUEST"),
        ({"callback_url": "http://10.0.0.1/hook"}, "INVALID_REQUEST"),
    ],
)
def test_what_the_document_forbids_is_refused_and_free(sandbox, asking, fields, code):
    refused = asking.post("/v1/generate", json={"prompt": "fine", **fields})
    assert (refused.status_code, refused.json()["code"]) == (400, code)
    assert sandbox.ledger(account(asking)) == []


def test_pictures_are_really_fetched(sandbox, studio, asking):
    for path in ("/missing.png", "/words.png"):
        refused = org(asking, "With a picture", image_urls=[studio.url + path])
        assert refused.status_code == 400, path
    refused = org(asking, "Not public", image_urls=["http://192.168.0.1/a.png"])
    assert refused.status_code == 400
    assert sandbox.ledger(account(asking)) == []


def test_keys(sandbox, asking):
    assert (
        httpx.post(f"{sandbox.base('seedanceapi-org')}/v1/generate", json={"prompt": "x"}).status_code == 401
    )
    for key in ("sk_live_real", "rehearsa"):
        refused = org(client(sandbox, "seedanceapi-org", key), "x")
        assert (refused.status_code, refused.json()["code"]) == (401, "INVALID_API_KEY")
    refused = org(client(sandbox, "seedanceapi-org", "rehearsal-empty-1"), "x")
    assert (refused.status_code, refused.json()["code"]) == (402, "INSUFFICIENT_CREDITS")


def test_a_task_belongs_to_its_key(sandbox, asking):
    task = org(asking, "[late] Mine").json()["data"]["task_id"]
    stranger = client(sandbox, "seedanceapi-org").get("/v1/status", params={"task_id": task})
    assert (stranger.status_code, stranger.json()["code"]) == (404, "TASK_NOT_FOUND")
    assert asking.get("/v1/status", params={"task_id": "seed15nothing"}).status_code == 404


def test_the_callback_is_the_status_answer(sandbox, studio, asking):
    told = org_end(asking, org(asking, "Call me", callback_url=f"{studio.url}/hook/org"))
    [called] = studio.calls("/hook/org", 1)
    assert called["data"]["task_id"] == told["task_id"]
    assert called["data"]["status"] == "SUCCESS"
    assert called["data"]["response"][0].endswith(".mp4")
