"""A36, A37 and A39: guessing, flooding, enumerating, stealing a session, passing on an invitation."""

import re
import time

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.people import PASSWORD, person
from videos.models import Invite, Membership, User

pytestmark = pytest.mark.django_db
NEW = "a louder harbour"


def sign_in(
    email: str = "owner@example.com",
    password: str = PASSWORD,
    client: Client | None = None,
    ip: str = "10.0.0.1",
):
    return (client or Client()).post(
        reverse("account_login"), {"login": email, "password": password}, REMOTE_ADDR=ip
    )


def refused(answer) -> str:
    return (
        str(answer.context["form"].non_field_errors())
        if answer.status_code == 200
        else str(answer.status_code)
    )


def ask_reset(email: str, ip: str = "10.0.0.1"):
    return Client().post(reverse("account_reset_password"), {"email": email}, REMOTE_ADDR=ip)


def new_password_by_letter(client: Client) -> None:
    path = re.search(r"http://127.0.0.1:8000(/\S+)", mail.outbox[-1].body)[1]
    form = client.get(path, follow=True)
    assert client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW}).status_code == 302


def test_a36_spraying_one_password_over_many_people_is_stopped_by_address(house):
    said = [refused(sign_in(f"person{n}@example.com", "Summer2026!")) for n in range(12)]
    assert "Too many" not in said[0] and "Too many" in said[-1]
    assert "Too many" not in refused(sign_in("person1@example.com", "x", ip="10.0.0.2"))


def test_a36_guessing_one_persons_password_is_stopped_from_wherever_it_comes(house):
    said = [refused(sign_in(password=f"guess {n}", ip=f"10.0.1.{n}")) for n in range(7)]
    assert "Too many" not in said[0] and "Too many" in said[-1]


def test_a36_who_is_attacked_is_not_locked_out(house):
    """Another network's guesses are that network's affair; five minutes after the last one it may
    try again; by letter the door opens at once; and who is signed in stays so."""
    inside = house.client("owner")
    for n in range(7):
        sign_in(password=f"guess {n}", ip=f"10.0.1.{n}")
    assert "Too many" in refused(sign_in(ip="10.0.1.9"))
    assert sign_in(ip="10.0.2.1").status_code == 302
    assert inside.get(reverse("profile")).status_code == 200
    with time_machine.travel(time.time() + 301, tick=True):
        assert sign_in(ip="10.0.1.9").status_code == 302
    for n in range(7):
        sign_in(password=f"guess {n}")
    assert "Too many" in refused(sign_in())
    ask_reset("owner@example.com")
    new_password_by_letter(Client())
    assert sign_in(password=NEW).status_code == 302


def test_a36_a_flood_of_reset_letters_ends_after_five(house):
    for n in range(12):
        ask_reset("owner@example.com", ip=f"10.0.1.{n}")
    assert len(mail.outbox) == 5
    for n in range(30):
        ask_reset(f"person{n}@example.com", ip="10.0.0.3")
    assert ask_reset("viewer@example.com", ip="10.0.0.3").status_code == 429


def test_a36_a_flood_of_sign_ups_is_stopped_by_address(house):
    def sign_up(n: int) -> int:
        form = {"name": "x", "email": f"new{n}@example.com", "password1": "a quiet harbour"}
        return Client().post(reverse("account_signup"), form, REMOTE_ADDR="10.0.0.4").status_code

    assert [sign_up(n) for n in range(22)][-1] == 429


def plain(answer) -> str:
    """A page without what differs every time: the token of its form, and what was typed."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())
    return re.sub(r"[\w.]+@example\.com", "", text)


def test_a36_nobody_learns_who_has_an_account_by_signing_in_or_by_asking_for_a_letter(house):
    User.objects.filter(pk=house.people["viewer"].pk).update(is_active=False)
    for known in ("owner@example.com", "viewer@example.com"):
        there, not_there = sign_in(known, "x" * 12), sign_in("nobody@example.com", "x" * 12)
        assert there.status_code == not_there.status_code == 200 and plain(there) == plain(not_there)
        there, not_there = ask_reset(known), ask_reset("nobody@example.com")
        assert (there.status_code, there.url) == (not_there.status_code, not_there.url)
    limits = [
        refused(sign_in(email, f"guess {n}", ip=f"10.1.{n}.1"))
        for email in ("admin@example.com", "neverseen@example.com")
        for n in range(7)
    ]
    assert limits[:7] == limits[7:]


def test_a36_nor_by_signing_up_where_addresses_are_confirmed(house, settings):
    """With letters (EMAIL_URL) both are told to look into their mail; the one who has an
    account is told so there, and nowhere else."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    answers = []
    for email in ("owner@example.com", "nobody@example.com"):
        form = {"name": "x", "email": email, "password1": "a quiet harbour"}
        answers.append(Client().post(reverse("account_signup"), form, follow=True))
    assert [answer.redirect_chain for answer in answers][0] == [answer.redirect_chain for answer in answers][
        1
    ]
    assert plain(answers[0]) == plain(answers[1])
    assert len(mail.outbox) == 2


def session_of(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def test_a37_a_session_that_was_planted_is_not_the_one_that_signs_in(house):
    """The attacker gives the victim a session of the attacker's own and waits."""
    attacker = Client()
    attacker.get(reverse("invite", args=[house.ours.token]))  # this begins a session
    planted = session_of(attacker)
    victim = Client()
    victim.cookies = attacker.cookies.copy()
    assert sign_in(client=victim).status_code == 302
    assert session_of(victim) != planted
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert thief.get(reverse("profile")).status_code == 302


def test_a37_a_new_password_ends_every_session(house):
    thief, owner = Client(), Client()
    sign_in(client=thief)
    sign_in(client=owner)
    change = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert owner.post(reverse("account_change_password"), change).status_code == 302
    assert thief.get(reverse("profile")).status_code == 302
    assert sign_in(password=PASSWORD).status_code == 200 and sign_in(password=NEW).status_code == 302


def test_a37_so_does_a_new_password_by_letter(house):
    thief = Client()
    sign_in(client=thief)
    ask_reset("owner@example.com")
    new_password_by_letter(Client())
    assert thief.get(reverse("profile")).status_code == 302


def test_a37_who_is_switched_off_is_out_at_the_next_request(house):
    client = house.client("maker")
    assert client.get(reverse("profile")).status_code == 200
    User.objects.filter(pk=house.people["maker"].pk).update(is_active=False)
    assert client.get(reverse("profile")).status_code == 302


def test_a37_signing_out_ends_the_session_and_not_only_the_cookie(house):
    client = Client()
    sign_in(client=client)
    thief = Client()
    thief.cookies = client.cookies.copy()
    client.post(reverse("account_logout"))
    assert thief.get(reverse("profile")).status_code == 302


def test_a37_the_cookie_is_out_of_reach(house):
    client = Client()
    sign_in(client=client)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and not cookie["domain"]


def accept(token: str, name: str) -> int:
    client = Client()
    client.force_login(person(name))
    return client.post(reverse("invite", args=[token])).status_code


def test_a39_an_invitation_works_once(house):
    assert accept(house.ours.token, "Dora") == 302
    assert accept(house.ours.token, "Eve") == 404
    assert not Membership.objects.filter(user__name="Eve").exists()


@pytest.mark.parametrize("cut", [slice(0, -1), slice(1, None), slice(0, 20)])
def test_a39_a_piece_of_one_is_none(house, cut):
    assert accept(house.ours.token[cut], "Eve") == 404
    assert accept(house.ours.token.swapcase(), "Frank") == 404
    assert accept(Invite.objects.first().token_hash, "Grace") == 404  # what a stolen database would show
    assert Membership.objects.filter(team=house.ours.team).count() == 5


def test_a39_one_team_cannot_take_back_anothers(house):
    url = reverse("invite_revoke", args=["elsewhere", house.ours.invite.pk])
    assert house.client("stranger").post(url).status_code == 404
    assert accept(house.ours.token, "Dora") == 302
