"""What a prompt can ask for happens, in every life a task can have."""

import io
import time

import httpx
import pytest
from PIL import Image

from tests.sandbox.asking import Film, account, client, org, org_end, until
from videos.sandbox import tags
from videos.sandbox.spoil import PAGE, damage

GPT = "/api/v1/image/gpt-image-2"
STILL = {"type": "text-to-image", "resolution": "1K", "aspectRatio": "21:9"}


@pytest.fixture
def asking(sandbox):
    """Films, with callbacks."""
    return client(sandbox, "seedanceapi-org")


@pytest.fixture
def stills(sandbox):
    """Stills: the quickest things to make."""
    return client(sandbox, "seedance2ai")


def still(stills, prompt, **headers):
    return stills.post(GPT, json={**STILL, "prompt": prompt}, headers=headers)


def told(stills, answer):
    path = f"/api/v1/tasks/{answer.json()['id']}"
    return until(lambda: stills.get(path).json(), lambda one: one["status"] in ("completed", "failed"))


def amounts(sandbox, asking):
    return [entry["amount"] for entry in sandbox.ledger(account(asking))]


def test_tags_are_read_and_taken_out_of_the_words():
    assert tags.read("a [busy:7] cat [fail] [1] [unknown]") == {"busy": "7", "fail": ""}
    assert tags.plain("a [busy:7] cat [fail] [1]") == "a cat [1]"
    assert tags.seconds({"slow": "x"}, "slow", 5) == 5


def test_refuse(sandbox, asking, stills):
    assert org(asking, "[refuse] x").json()["code"] == "INVALID_PROMPT"
    assert still(stills, "[refuse] x").status_code == 400
    assert amounts(sandbox, asking) == amounts(sandbox, stills) == []


def test_broke(sandbox, asking):
    assert org(asking, "[broke] x").status_code == 402
    assert amounts(sandbox, asking) == []


def test_fail_is_refunded_where_the_vendor_says_so(sandbox, asking):
    data = org_end(asking, org(asking, "[fail] x"))
    assert (data["status"], data["consumed_credits"], data["response"]) == ("FAILED", 0, [])
    assert data["error_message"]
    assert amounts(sandbox, asking) == ["8", "-8"]
    silent = client(sandbox, "seedanceapi-dev")
    task = silent.post("/v1/video/generate", json={"prompt": "[fail] x"}).json()["data"]["task_id"]
    ask = lambda: silent.post("/v1/video/query", json={"task_id": task}).json()["data"]  # noqa: E731
    assert until(ask, lambda one: one["status"] == "failed")["error"]
    assert amounts(sandbox, silent) == ["35"]


def test_busy_once_then_taken(sandbox, stills):
    first, second = still(stills, "[busy:7] x"), still(stills, "[busy:7] x")
    assert (first.status_code, first.headers["Retry-After"]) == (429, "7")
    assert first.json()["error"]["code"] == "rate_limited"
    assert second.status_code == 200
    assert amounts(sandbox, stills) == ["4"]


def test_slow_and_odd(stills):
    answer = still(stills, "[slow:60] [odd] x")
    path = f"/api/v1/tasks/{answer.json()['id']}"
    words = {stills.get(path).json()["status"]}
    begun = time.monotonic()
    while "completed" not in words:
        words.add(stills.get(path).json()["status"])
        time.sleep(0.03)
    assert words == {"processing", "contemplating", "completed"}
    assert time.monotonic() - begun > 0.9  # a sixtieth at speed 50 is 1.2 s


def test_late_stays_under_way(stills):
    answer = still(stills, "[late] x")
    time.sleep(0.5)
    assert stills.get(f"/api/v1/tasks/{answer.json()['id']}").json()["status"] == "processing"


def test_a_dead_link_lives_when_asked_again(stills):
    answer = still(stills, "[dead-link] x")
    first = told(stills, answer)["output"]["images"][0]["url"]
    second = told(stills, answer)["output"]["images"][0]["url"]
    assert httpx.get(first, trust_env=False).status_code == 404
    assert httpx.get(second, trust_env=False).status_code == 200
    assert told(stills, answer)["output"]["images"][0]["url"] == second
    answer = still(stills, "[dead-link:always] x")
    for _ in range(3):
        url = told(stills, answer)["output"]["images"][0]["url"]
        assert httpx.get(url, trust_env=False).status_code == 404


def test_no_url_at_first(stills):
    answer = still(stills, "[no-url] x")
    found = [len(told(stills, answer)["output"]["images"]) for _ in range(3)]
    assert found == [0, 0, 1]


def test_a_lost_answer_is_charged_and_a_replay_finds_it(sandbox, stills):
    with pytest.raises(httpx.TransportError):
        still(stills, "[lost] x", **{"Idempotency-Key": "lost"})
    assert amounts(sandbox, stills) == ["4"]
    again = still(stills, "[lost] x", **{"Idempotency-Key": "lost"})
    assert told(stills, again)["status"] == "completed"
    assert amounts(sandbox, stills) == ["4"]


def test_a_lost_answer_can_be_a_page(sandbox, asking):
    answer = org(asking, "[lost:503] [late] x")
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (503, "text/html")
    assert amounts(sandbox, asking) == ["8"]


def test_sound_refused_and_without_it_fine(asking):
    assert "Audio" in org_end(asking, org(asking, "[audio-refused] x", generate_audio=True))["error_message"]
    assert org_end(asking, org(asking, "[audio-refused] x"))["status"] == "SUCCESS"


def test_unreadable_is_delivered_and_charged(sandbox, stills):
    answer = still(stills, "[unreadable] x")
    got = httpx.get(told(stills, answer)["output"]["images"][0]["url"], trust_env=False)
    assert got.status_code == 200 and got.content.startswith(b"\x89PNG")
    with pytest.raises(OSError, match=r"truncated|broken|identify|decod|unrecognized"):
        Image.open(io.BytesIO(got.content)).load()
    assert amounts(sandbox, stills) == ["4"]


def test_or_half_of_it_or_a_page_in_its_place():
    assert damage(bytes(100), "cut") == (bytes(50), "")
    assert damage(bytes(100), "page") == (PAGE, "text/html")


def test_wrong_size(asking):
    data = org_end(asking, org(asking, "[wrong-size] x"))
    assert Film(data["response"][0]).size == (576, 320)


def test_callbacks_twice_forged_or_never(asking, studio):
    for wish in ("2", "forged", "none"):
        words = f"[callback:{wish}] one film for all"
        org_end(asking, org(asking, words, callback_url=f"{studio.url}/hook/{wish}"))
    twice = studio.calls("/hook/2", 2)
    assert len(twice) == 2
    assert twice[0] == twice[1]
    forged, true = studio.calls("/hook/forged", 2)
    assert forged["data"]["status"] == true["data"]["status"] == "SUCCESS"
    assert "example.com" in forged["data"]["response"][0]
    assert true["data"]["response"][0].startswith("http://127.0.0.1")
    assert studio.calls("/hook/none", 1, seconds=0.5) == []
