"""seedance2ai.io as its document has it: the film and both picture endpoints, over real HTTP."""

import io

import httpx
import pytest
from PIL import Image

from tests.sandbox.asking import Film, account, client, far, mean, until

VIDEO, GPT, NANO = "/api/v1/video/seedance", "/api/v1/image/gpt-image-2", "/api/v1/image/nano-banana-pro"
STILL = {"type": "text-to-image", "prompt": "A paper forest", "resolution": "1K", "aspectRatio": "3:2"}
IMAGE = "https://a.example/1.png"


@pytest.fixture
def asking(sandbox):
    return client(sandbox, "seedance2ai")


def end(asking, answer):
    assert answer.status_code == 200, answer.text
    path = f"/api/v1/tasks/{answer.json()['id']}"
    return until(lambda: asking.get(path).json(), lambda told: told["status"] in ("completed", "failed"))


def test_a_film_from_a_picture_with_the_documented_price(asking, studio):
    body = {
        "mode": "image-to-video",
        "prompt": "It opens",
        "image_url": f"{studio.url}/blue.png",
        "duration": "4",
    }
    answer = asking.post(VIDEO, json=body)
    assert answer.json()["id"].startswith("sd2_")
    told = end(asking, answer)
    assert (told["status"], told["model"], told["credits_used"]) == ("completed", "seedance", 24)
    film = Film(told["output"]["video_url"])
    assert (film.size, len(film.frames), film.sound) == ((1280, 720), 96, ["aac"])  # sound is on by default
    assert far(mean(film.frames[0], (0, 0, 1, 0.5)), (30, 30, 220)) < 14
    assert told["output"]["last_frame_url"].endswith(".png")


def test_a_film_among_the_media_is_fetched_in_ranges_and_seen(asking, studio):
    media = {"mode": "media-to-video", "prompt": "In the manner of", "duration": "4"}
    answer = asking.post(
        VIDEO, json=media | {"media_urls": [f"{studio.url}/wave.mp4", f"{studio.url}/red.png"]}
    )
    plain = end(asking, asking.post(VIDEO, json={"prompt": "In the manner of", "duration": "4"}))
    told = end(asking, answer)
    with_it, without = Film(told["output"]["video_url"]), Film(plain["output"]["video_url"])
    assert any(
        far(pixel, (30, 200, 60)) < 40 for _n, pixel in with_it.frames[20].getcolors(1 << 20) if _n > 200
    )
    assert not any(
        far(pixel, (30, 200, 60)) < 40 for _n, pixel in without.frames[20].getcolors(1 << 20) if _n > 200
    )


def test_a_film_from_a_host_without_ranges_is_refused_and_costs_nothing(asking, studio):
    answer = asking.post(
        VIDEO,
        json={"mode": "media-to-video", "prompt": "Fine", "media_urls": [f"{studio.url}/wave.mp4?whole"]},
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_request")
    assert "range" in answer.json()["error"]["message"]


def test_four_different_stills_of_one_order(asking):
    told = end(asking, asking.post(GPT, json={**STILL, "batchCount": 4}))
    found = [httpx.get(one["url"], trust_env=False).content for one in told["output"]["images"]]
    assert len(set(found)) == 4
    assert {Image.open(io.BytesIO(data)).size for data in found} == {(1024, 682)}


def test_auto_takes_the_shape_of_the_picture(asking, studio):
    body = {"type": "image-to-image", "prompt": "Same but nicer", "image_urls": [f"{studio.url}/tall.png"]}
    told = end(asking, asking.post(NANO, json=body))
    found = Image.open(io.BytesIO(httpx.get(told["output"]["images"][0]["url"], trust_env=False).content))
    assert (found.format, found.size) == ("PNG", (682, 1024))
    assert far(mean(found, (0, 0, 1, 0.5)), (30, 200, 60)) < 14


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (VIDEO, {}),
        (VIDEO, {"prompt": "ab"}),
        (VIDEO, {"prompt": "x" * 10_001}),
        (VIDEO, {"prompt": "fine", "duration": 5}),
        (VIDEO, {"prompt": "fine", "duration": "3"}),
        (VIDEO, {"prompt": "fine", "resolution": "480p"}),
        (VIDEO, {"prompt": "fine", "aspectRatio": "16:9"}),
        (VIDEO, {"prompt": "fine", "image_url": IMAGE}),
        (VIDEO, {"prompt": "fine", "mode": "image-to-video"}),
        (VIDEO, {"prompt": "fine", "mode": "media-to-video"}),
        (VIDEO, {"prompt": "fine", "mode": "media-to-video", "media_urls": [IMAGE] * 13}),
        (VIDEO, {"prompt": "fine", "mode": "media-to-video", "media_urls": [IMAGE], "end_image_url": IMAGE}),
        (VIDEO, {"prompt": "fine", "channel": "real", "seed": 1}),
        (VIDEO, {"prompt": "fine", "mode": "image-to-video", "image_url": "asset://1"}),
        (GPT, {**STILL, "type": None}),
        (GPT, {**STILL, "aspect_ratio": "1:1"}),
        (GPT, {**STILL, "batchCount": 5}),
        (GPT, {**STILL, "batchCount": "2"}),
        (GPT, {**STILL, "aspectRatio": "auto", "resolution": "2K"}),
        (GPT, {**STILL, "aspectRatio": "1:1", "resolution": "4K"}),
        (GPT, {**STILL, "imageUrls": [IMAGE]}),
        (GPT, {**STILL, "type": "image-to-image"}),
        (NANO, {"type": "text-to-image", "prompt": "fine", "image_size": "2:1"}),
        (NANO, {"type": "text-to-image", "prompt": "fine", "batchCount": 2}),
        (NANO, {"type": "text-to-image", "prompt": "fine", "output_format": "jpg"}),
        (NANO, {"type": "image-to-image", "prompt": "fine", "imageUrls": [IMAGE]}),
        (NANO, {"type": "image-to-image", "prompt": "fine", "image_urls": [IMAGE] * 9}),
    ],
)
def test_what_the_document_forbids_is_refused_and_free(sandbox, asking, path, body):
    refused = asking.post(path, json=body)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "invalid_request")
    assert sandbox.ledger(account(asking)) == []


def test_4k_squares_exist_on_the_other_channel(sandbox, asking):
    body = {**STILL, "prompt": "[late] big", "aspectRatio": "1:1", "resolution": "4K", "channel": "economy"}
    assert asking.post(GPT, json=body).status_code == 200


def test_a_replay_is_answered_again_and_charged_once(sandbox, asking):
    key, body = {"Idempotency-Key": "one"}, {**STILL, "prompt": "[late] once"}
    first, again = (asking.post(GPT, json=body, headers=key) for _ in range(2))
    assert (again.status_code, again.json()) == (200, first.json())
    other = asking.post(GPT, json={**body, "batchCount": 2}, headers=key)
    assert (other.status_code, other.json()["error"]["code"]) == (409, "idempotency_conflict")
    assert [entry["amount"] for entry in sandbox.ledger(account(asking))] == ["4"]
    stranger = client(sandbox, "seedance2ai").post(GPT, json=body, headers=key)
    assert stranger.json()["id"] != first.json()["id"]


def test_errors_have_their_codes(sandbox, asking):
    poor = client(sandbox, "seedance2ai", "rehearsal-empty-5").post(GPT, json=STILL)
    assert (poor.status_code, poor.json()["error"]["code"]) == (402, "insufficient_credits")
    assert poor.json()["error"]["required_credits"] == 4
    assert client(sandbox, "seedance2ai", "sk_live_1").post(GPT, json=STILL).status_code == 401
    assert asking.get("/api/v1/tasks/sd2_nothing").json()["error"]["code"] == "not_found"


def test_a_failed_task_tells_its_refund(sandbox, asking):
    told = end(asking, asking.post(GPT, json={**STILL, "prompt": "[fail] it"}))
    assert (told["status"], told["credits_refunded"]) == ("failed", 4)
    assert told["error"]["message"]
    assert [entry["amount"] for entry in sandbox.ledger(account(asking))] == ["4", "-4"]
