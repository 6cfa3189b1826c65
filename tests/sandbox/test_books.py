"""Nothing is forgotten over a restart, and the ledger cannot be rewritten."""

import sqlite3

import httpx
import pytest

from tests.sandbox.asking import client, org, org_end
from videos.sandbox.config import SandboxConfig
from videos.sandbox.running import running_sandbox


def test_a_restart_keeps_tasks_money_films_and_replays(tmp_path):
    config = SandboxConfig(data=tmp_path, port=0, speed=20)
    key = "rehearsal-kept"
    still = {"type": "text-to-image", "prompt": "[late] x", "resolution": "1K", "aspectRatio": "1:1"}
    with running_sandbox(config) as first:
        asking = client(first, "seedanceapi-org", key)
        before = org(asking, "Begun before")
        stills = client(first, "seedance2ai", key)
        one = stills.post("/api/v1/image/gpt-image-2", json=still, headers={"Idempotency-Key": "k"}).json()
        ledger = first.ledger()
    with running_sandbox(config) as second:
        assert second.ledger() == ledger
        again = client(second, "seedance2ai", key)
        assert (
            again.post("/api/v1/image/gpt-image-2", json=still, headers={"Idempotency-Key": "k"}).json()
            == one
        )
        told = org_end(client(second, "seedanceapi-org", key), before)
        assert told["status"] == "SUCCESS"
        assert [entry["amount"] for entry in second.ledger(key)] == ["8", "4"]


def test_the_ledger_is_append_only(sandbox, data):
    org(client(sandbox, "seedanceapi-org"), "[late] x")
    base = sqlite3.connect(data / "books.sqlite3")
    for statement in ("DELETE FROM ledger", "UPDATE ledger SET amount = '0'"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            base.execute(statement)
    base.close()


def test_links_die_and_an_evicted_film_is_made_again(tmp_path):
    config = SandboxConfig(data=tmp_path, port=0, speed=50, link_seconds=1e6)
    with running_sandbox(config) as sandbox:
        asking = client(sandbox, "seedanceapi-org", "rehearsal-links")
        answer = org(asking, "A film to lose")
        url = org_end(asking, answer)["response"][0]
        for film in (tmp_path / "films").glob("*.mp4"):
            film.unlink()
        assert httpx.get(url, trust_env=False).status_code == 200
    with sqlite3.connect(tmp_path / "books.sqlite3") as base:
        base.execute("UPDATE link SET expires = 1")
    base.close()
    with running_sandbox(config) as sandbox:
        asking = client(sandbox, "seedanceapi-org", "rehearsal-links")
        old = f"{sandbox.url}/media/{url.split('/media/')[1]}"
        assert httpx.get(old, trust_env=False).status_code == 403
        new = org_end(asking, answer)["response"][0]
        assert new.split("/media/")[1] != url.split("/media/")[1]


def test_credits_run_out(tmp_path):
    config = SandboxConfig(data=tmp_path, port=0, speed=50, credit=20)
    with running_sandbox(config) as sandbox:
        asking = client(sandbox, "seedanceapi-org")
        codes = [org(asking, f"[late] {number}").status_code for number in range(3)]
        other = org(client(sandbox, "seedanceapi-org"), "[late] x").status_code
    assert codes == [200, 200, 402]
    assert other == 200
