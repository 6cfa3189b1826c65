"""No web page that somebody happens to have open can drive the sandbox or read it."""

import httpx
import pytest

from tests.sandbox.asking import client, org
from videos.sandbox.origins import is_own_name

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PLAIN = {"Content-Type": "text/plain"}


def post(sandbox, headers, content='{"flat": true}'):
    return httpx.post(f"{sandbox.url}/control", content=content, headers=headers, trust_env=False)


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "127.0.0.1.evil.example", "sandbox.evil", "", "xn--lcalhost-x3a"],
)
@pytest.mark.parametrize("path", ["/", "/ledger.json", "/healthz", "/defapi/api/task/query?task_id=1"])
def test_a_name_that_is_made_to_lead_here_is_not_answered_to(sandbox, host, path):
    """DNS rebinding: the browser believes that this is evil.example."""
    host = host.format(port=sandbox.url.rpartition(":")[2])
    answer = httpx.get(sandbox.url + path, headers={"Host": host}, trust_env=False)
    assert answer.status_code in (400, 403) and "rehearsal" not in answer.text.lower()


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "LOCALHOST:{port}", "[::1]:{port}", "127.0.0.1:{port}"]
)
def test_its_own_names_are(sandbox, host):
    host = host.format(port=sandbox.url.rpartition(":")[2])
    assert httpx.get(f"{sandbox.url}/healthz", headers={"Host": host}, trust_env=False).status_code == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost"])
@pytest.mark.parametrize("kind", [FORM, PLAIN])
def test_a_form_of_another_site_changes_nothing(sandbox, turned, origin, kind):
    before = turned()
    for content in ('{"flat": true}', "speed=9999", "hurry=1"):
        assert post(sandbox, {"Origin": origin} | kind, content).status_code == 403
    assert turned() == before


def test_nor_does_one_from_a_browser_that_names_no_origin(sandbox):
    for site in ("cross-site", "same-site"):
        assert post(sandbox, {"Sec-Fetch-Site": site} | FORM, "speed=9999").status_code == 403


def test_nor_can_another_site_order_a_film(sandbox):
    asking = client(sandbox, "seedanceapi-org", "rehearsal-forged")
    asking.headers["Origin"] = "https://evil.example"
    assert org(asking, "x").status_code == 403
    assert sandbox.ledger("rehearsal-forged") == []


def test_the_control_pages_own_form_works_and_stands_in_no_frame(sandbox, turned):
    own = {"Origin": sandbox.url, "Sec-Fetch-Site": "same-origin"}
    assert post(sandbox, own | FORM, "speed=50").status_code == 303
    page = httpx.get(sandbox.url, headers={"Sec-Fetch-Site": "cross-site"}, trust_env=False)
    assert (page.status_code, page.headers["content-security-policy"]) == (200, "frame-ancestors 'none'")


def test_a_name_of_ones_own_is_told_to_it():
    names = {"localhost", "sandbox"}
    assert (
        is_own_name("sandbox:8765", names)
        and is_own_name("Sandbox.", names)
        and is_own_name("[::1]:80", names)
    )
    assert not is_own_name("sandbox.example", names) and not is_own_name("sandbox@evil", names)
