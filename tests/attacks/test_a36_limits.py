"""A36: who keeps whom from signing in, and for how long."""

import time

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.attacks.test_a36_signing_in import NEW, ask_reset, new_password_by_letter, refused, sign_in
from tests.people import PASSWORD, person, signed_in
from videos.accounts import known_browsers, limits
from videos.models import User

pytestmark = pytest.mark.django_db
KNOWN = settings.KNOWN_COOKIE_NAME


@pytest.fixture
def owner():
    return person("Owner")


def a_known_browser(**more) -> Client:
    """It signed in once, and is signed out."""
    browser = Client()
    assert sign_in(client=browser, **more).status_code == 302
    browser.post(reverse("account_logout"))
    return browser


def attack(guesses: int, network: int = 1, **more) -> None:
    for n in range(guesses):
        sign_in(password=f"guess {n}", ip=f"203.0.{network}.{n % 200}", **more)


def test_a36_one_guess_a_minute_from_another_network_keeps_nobody_out(owner):
    with time_machine.travel(time.time(), tick=False) as clock:
        for minute in range(90):
            attack(1)
            clock.shift(60)
            if minute % 30 == 29:
                assert sign_in(ip="10.0.0.1").status_code == 302
        assert "Too many" in refused(sign_in(ip="203.0.1.7"))  # twenty in an hour, for that network


def test_a36_a_network_is_more_than_one_address(owner):
    for n in range(7):
        sign_in(password=f"guess {n}", ip=f"2001:db8:1:{n}::1")
    assert "Too many" in refused(sign_in(ip="2001:db8:1:ffff::9"))
    assert sign_in(ip="2001:db8:2::1").status_code == 302


def test_a36_guesses_from_everywhere_together_end_too_but_not_for_a_browser_that_was_here(owner, monkeypatch):
    """Ten networks at full speed. A new browser waits then; the owner's own does not."""
    monkeypatch.setitem(limits.RATES, "guess_anywhere", "20/h/key,1000/d/key")
    browser = a_known_browser()
    for network in range(5):
        attack(5, network=network + 10)
    assert "Too many" in refused(sign_in(ip="192.0.2.1"))
    assert sign_in(client=browser, ip="192.0.2.1").status_code == 302


def test_a36_a_browser_that_was_here_passes_the_limits_of_its_own_network(owner):
    browser = a_known_browser()
    attack(7)
    assert "Too many" in refused(sign_in(ip="203.0.1.7"))
    assert sign_in(client=browser, ip="203.0.1.7").status_code == 302


def test_a36_it_has_a_limit_of_its_own(owner):
    browser = a_known_browser()
    said = [refused(sign_in(client=browser, password=f"guess {n}", ip=f"10.{n}.0.1")) for n in range(12)]
    assert "Too many" not in said[9] and "Too many" in said[10]
    assert sign_in(ip="10.99.0.1").status_code == 302  # and takes nobody else's


def test_a36_it_is_known_to_its_own_account_alone(owner):
    person("Other")
    browser = a_known_browser()
    for n in range(7):
        sign_in("other@example.com", f"guess {n}", client=browser)
    assert "Too many" in refused(sign_in("other@example.com", client=browser))


def test_a36_people_who_share_a_browser_are_all_known_to_it(owner):
    person("Other")
    browser = a_known_browser()
    sign_in("other@example.com", client=browser)
    browser.post(reverse("account_logout"))
    attack(7)
    assert sign_in(client=browser, ip="203.0.1.7").status_code == 302


def test_a36_the_mark_is_out_of_reach_and_tells_nothing(owner):
    browser = a_known_browser()
    cookie = browser.cookies[KNOWN]
    assert (
        cookie["httponly"]
        and cookie["samesite"] == "Lax"
        and cookie["max-age"] == known_browsers.VALID_SECONDS
    )
    for secret in (owner.email, owner.password[-20:], owner.get_session_auth_hash()):
        assert secret not in cookie.value


@pytest.mark.parametrize("end", ["password", "letter", "elsewhere", "age", "forged", "switched"])
def test_a36_it_ends_with_the_password_with_other_sessions_and_by_itself(owner, end, settings):
    browser = a_known_browser()
    password = PASSWORD
    if end == "password":
        form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
        signed_in(owner).post(reverse("account_change_password"), form)
        password = NEW
    if end == "letter":
        ask_reset("owner@example.com")
        new_password_by_letter(Client())
        password = NEW
    if end == "elsewhere":
        signed_in(owner).post(reverse("account_sessions_end"), {"password": PASSWORD})
    if end == "forged":
        browser.cookies[KNOWN] = browser.cookies[KNOWN].value[:-2] + "xx"
    if end == "switched":
        settings.SECRET_KEY = "another"
    later = time.time() + (known_browsers.VALID_SECONDS + 1 if end == "age" else 0)
    with time_machine.travel(later, tick=True):
        attack(7)
        assert "Too many" in refused(sign_in(client=browser, password=password, ip="203.0.1.7"))


def test_a36_the_name_of_the_host_resets_no_count(owner, settings):
    """The port of the Host header is anybody's to write."""
    settings.ALLOWED_HOSTS = ["testserver"]
    form = {"login": "owner@example.com", "password": "a guess"}
    for n in range(7):
        last = Client().post(reverse("account_login"), form, headers={"Host": f"testserver:{8000 + n}"})
    assert "Too many" in refused(last)


@pytest.mark.parametrize("spelled", ["OWNER@example.com", " owner@EXAMPLE.com"])
def test_a36_no_spelling_of_an_address_resets_its_count(owner, spelled):
    for n in range(5):
        sign_in(spelled, f"guess {n}")
    assert "Too many" in refused(sign_in())


def test_a36_a_stolen_session_guesses_no_password_behind_any_form(owner):
    """The password once more, the change of the password, of the address, and the end of sessions count together."""
    thief = signed_in(owner)
    forms = (
        ("account_reauthenticate", {"password": "a guess"}),
        ("account_change_password", {"oldpassword": "a guess", "password1": NEW, "password2": NEW}),
        ("account_sessions_end", {"password": "a guess"}),
    )
    for n in range(5):
        name, form = forms[n % 3]
        thief.post(reverse(name), form)
    right = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    for name, form in (("account_sessions_end", {"password": PASSWORD}), ("account_change_password", right)):
        assert "Too many" in thief.post(reverse(name), form).content.decode()
    assert User.objects.get().check_password(PASSWORD)


def test_a36_whoever_asks_for_letters_keeps_their_owner_from_none(owner):
    for n in range(12):
        ask_reset("owner@example.com", ip=f"203.0.1.{n}")
    assert len(mail.outbox) == 5
    ask_reset("owner@example.com", ip="10.0.0.1")
    assert len(mail.outbox) == 6
    for network in range(20):
        for _ in range(2):
            ask_reset("owner@example.com", ip=f"198.51.{network}.1")
    assert len(mail.outbox) == 20  # in a day, from everywhere
    new_password_by_letter(Client())  # and each of them opens the door
