import pytest

from tests.people import signed_in
from videos.models import User

pytestmark = pytest.mark.django_db
ME = "/me/"
MINE = {"name": "Alice", "language": "", "time_zone": "", "theme": "system", "shortcuts": "on"}


def test_needs_somebody_signed_in(client):
    assert client.get(ME).url == "/accounts/login/?next=/me/"
    assert client.delete(ME).status_code == 405


def test_everything_is_kept_on_the_person(as_alice, alice):
    wish = {"name": " Alice L. ", "language": "de", "time_zone": "Asia/Shanghai", "theme": "dark"}
    assert as_alice.post(ME, wish).url == ME
    alice.refresh_from_db()
    kept = (alice.name, alice.language, alice.time_zone, alice.theme, alice.shortcuts)
    assert kept == ("Alice L.", "de", "Asia/Shanghai", "dark", False)


def test_the_next_page_obeys_at_once(as_alice):
    page = as_alice.post(ME, MINE | {"theme": "dark", "language": "de"}, follow=True)
    assert page.headers["Content-Language"] == "de"
    html = page.content.decode()
    assert '<html lang="de" data-theme="dark">' in html


@pytest.mark.parametrize(
    "wrong", [{"language": "xx"}, {"time_zone": "Mars/Olympus"}, {"theme": "pink"}, {"name": "x" * 81}]
)
def test_what_does_not_exist_is_refused_and_nothing_changes(as_alice, wrong):
    answer = as_alice.post(ME, MINE | {"name": "Other"} | wrong)
    assert answer.status_code == 422
    assert User.objects.get().name == "Alice" and 'data-theme="system"' in answer.content.decode()


def test_nobody_else_is_changed(as_alice, bob):
    as_alice.post(ME, MINE | {"name": "Changed", "id": bob.pk, "email": "x@example.com"})
    bob.refresh_from_db()
    assert bob.name == "Bob" and User.objects.get(name="Changed").email == "alice@example.com"


class TestLanguage:
    def test_of_the_person_before_the_browser(self, as_alice, alice):
        User.objects.update(language="zh-hans")
        answer = as_alice.get(ME, headers={"Accept-Language": "de"})
        assert answer.headers["Content-Language"] == "zh-hans"
        assert "Accept-Language" not in answer.headers["Vary"]

    def test_of_the_browser_for_a_stranger(self, client):
        answer = client.get("/accounts/login/", headers={"Accept-Language": "zh-CN,en;q=0.5"})
        assert answer.headers["Content-Language"] == "zh-hans"
        assert {"Accept-Language", "Cookie"} <= set(answer.headers["Vary"].split(", "))

    def test_does_not_leak_into_the_next_request(self, as_alice, client):
        User.objects.update(language="de")
        as_alice.get(ME)
        assert client.get("/accounts/login/").headers["Content-Language"] == "en"


class TestTimeZone:
    def now_in(self, client, **cookies):
        client.cookies.load(cookies)
        return client.get(ME).context["form"].their_time.tzinfo.key

    def test_of_the_person_then_of_the_browser_then_utc(self, as_alice, alice):
        assert self.now_in(as_alice) == "UTC"
        assert self.now_in(as_alice, **{"studio-zone": "Asia%2FShanghai"}) == "Asia/Shanghai"
        User.objects.update(time_zone="Europe/Berlin")
        assert self.now_in(as_alice) == "Europe/Berlin"

    @pytest.mark.parametrize("name", ["Mars/Olympus", "../../etc/passwd", "%00", "x" * 3000])
    def test_a_zone_that_is_none_is_ignored(self, as_alice, name):
        assert self.now_in(as_alice, **{"studio-zone": name}) == "UTC"


def test_a_page_of_mine_is_not_yours(alice, bob):
    assert 'value="Bob"' in signed_in(bob).get(ME).content.decode()
