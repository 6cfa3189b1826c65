"""The control page and what scripts can turn."""

import httpx
import pytest

from tests.sandbox.asking import client, org, org_end
from videos.sandbox.tags import TAGS


def test_the_page_says_what_it_is_and_what_goes_on(sandbox):
    asking = client(sandbox, "seedanceapi-org", "rehearsal-page")
    task = org(asking, "[late] <b>bold</b>").json()["data"]["task_id"]
    page = httpx.get(sandbox.url, trust_env=False)
    assert page.headers["content-type"].startswith("text/html")
    assert "No vendor is contacted" in page.text
    assert task in page.text
    assert "rehearsal-page" in page.text
    assert "&lt;b&gt;bold" in page.text
    assert "<b>bold" not in page.text
    assert all(f"[{name}]" in page.text for name in TAGS)


@pytest.mark.parametrize(("how", "status"), [("503", 503), ("500", 500), ("html", 200), ("empty", 200)])
def test_a_vendor_out_of_order(sandbox, turned, how, status):
    turned(outage={"seedanceapi-org": how})
    assert org(client(sandbox, "seedanceapi-org"), "x").status_code == status
    poor = client(sandbox, "seedanceapi-dev", "rehearsal-empty").post(
        "/v1/video/generate", json={"prompt": "x"}
    )
    assert poor.status_code == 400


def test_an_overloaded_vendor_says_when_to_come_back(sandbox, turned):
    turned(outage={"seedance2ai": "overloaded"})
    answer = client(sandbox, "seedance2ai").get("/api/v1/tasks/x")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.json()["error"]["code"] == "service_busy"


def test_a_key_can_be_revoked_under_a_running_task(sandbox, turned):
    asking = client(sandbox, "seedanceapi-org", "rehearsal-revoked")
    task = {"task_id": org(asking, "[late] x").json()["data"]["task_id"]}
    turned(revoked=["rehearsal-revoked"])
    assert asking.get("/v1/status", params=task).status_code == 401
    turned(revoked=[])
    assert asking.get("/v1/status", params=task).status_code == 200


def test_a_vendor_that_hangs_up(sandbox, turned):
    turned(outage={"seedanceapi-org": "drop"})
    with pytest.raises(httpx.TransportError):
        org(client(sandbox, "seedanceapi-org"), "x")


def test_a_rate_counts_every_request_of_an_account(sandbox, turned):
    turned(speed=1, rate={"seedanceapi-org": 3})
    asking = client(sandbox, "seedanceapi-org")
    answers = [asking.get("/v1/status", params={"task_id": "x"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 429]
    assert 50 <= int(answers[3].headers["Retry-After"]) <= 60
    assert client(sandbox, "seedanceapi-org").get("/v1/status", params={"task_id": "x"}).status_code == 404


def test_everything_can_be_finished_now(sandbox, turned):
    asking = client(sandbox, "seedanceapi-org")
    answer = org(asking, "[late] but wanted now")
    turned(hurry=True)
    assert org_end(asking, answer)["status"] == "SUCCESS"


@pytest.mark.parametrize(
    "wish",
    [
        {"speed": 0},
        {"speed": "fast"},
        {"outage": {"nobody": "503"}},
        {"outage": {"defapi": "x"}},
        {"rate": 3},
        {"x": 1},
        [1],
    ],
)
def test_a_senseless_wish_changes_nothing(sandbox, wish):
    refused = httpx.post(f"{sandbox.url}/control", json=wish, trust_env=False)
    assert refused.status_code == 400
    assert refused.json()["problem"]
    assert sandbox.control()["speed"] == 50


def test_the_page_has_a_speed_dial(sandbox, turned):
    answer = httpx.post(f"{sandbox.url}/control", data={"speed": "4"}, trust_env=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert sandbox.control()["speed"] == 4
