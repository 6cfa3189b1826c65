"""A13 to A16: who may pass which door, with whose ids, and from when on no longer."""

import pytest
from django.urls import reverse

from tests.attacks.doors import DOORS, QUESTIONS, addresses, nothing, shipped
from tests.attacks.house import EVERYBODY, PRESSED, House, everything, undone
from tests.attacks.posted import ALSO_POST, DEAF, POSTED
from tests.attacks.replies import MEDIA, guarded
from tests.builders import a_key
from videos.models import Job, Membership, User, VendorKey

pytestmark = pytest.mark.django_db
CHANGING = [name for name, door in DOORS.items() if door.method == "POST"]


def knock(house: House, name: str, who: str, url: str):
    door = DOORS[name]
    client = house.client(who)
    if door.method == "GET":
        return client.get(url, **door.more)
    return client.post(url, **({"data": door.form(house)} | door.more))


def test_a13_every_url_is_in_the_matrix():
    assert set(addresses()) == set(DOORS)


def test_what_is_wrong_behind_one_door_is_told_of_every_door(house):
    def fails(name):
        assert name not in ("gallery", "keys"), "stands open"

    with pytest.raises(AssertionError, match="(?s)gallery.*stands open.*keys.*stands open"):
        house.each(["prompts", "gallery", "usage", "keys"], fails)


def test_a13_every_url_for_every_kind_of_person(house):
    """Who is refused has also changed nothing, and every reply is guarded (A32)."""

    def opens_as_the_matrix_says(name):
        url, found = DOORS[name].url(name, house.ours), {}
        for who in EVERYBODY:
            with undone():
                before = everything()
                answer = knock(house, name, who, url)
                found[who] = answer.status_code
                if name not in MEDIA or not answer.streaming:
                    guarded(answer)
                if found[who] in (403, 404) or (who == "anonymous" and found[who] == 302):
                    assert everything() == before, who
        assert found == DOORS[name].expects

    house.each(DOORS, opens_as_the_matrix_says)


def test_a13_every_form_behind_a_page_for_every_kind_of_person(house):
    """The pages that answer GET and act on POST: both are walked. Who is refused has changed nothing."""
    assert POSTED.keys() == ALSO_POST.keys()

    def acts_as_the_matrix_says(name):
        url, found = DOORS[name].url(name, house.ours), {}
        for who in EVERYBODY:
            with undone():
                before = everything()
                found[who] = house.client(who).post(url, ALSO_POST[name]).status_code
                if found[who] in (403, 404) or who == "anonymous":
                    assert everything() == before, who
        assert found == POSTED[name]

    house.each(POSTED, acts_as_the_matrix_says)


def test_a13_every_other_method_for_every_kind_of_person(house):
    """What takes GET alone does nothing with a form, what takes POST alone does not open."""

    def is_refused(name):
        door = DOORS[name]
        url, more = door.url(name, house.ours), {k: v for k, v in door.more.items() if k == "headers"}
        before = everything()
        for who in EVERYBODY:
            client = house.client(who)
            answer = client.post(url, **more) if door.method == "GET" else client.get(url, **more)
            away = who == "anonymous" and (answer.status_code == 302 or "HX-Redirect" in answer.headers)
            assert answer.status_code == 405 or away or name in DEAF, (who, answer.status_code)
        assert everything() == before

    house.each([name for name in DOORS if name not in ALSO_POST], is_refused)


# What this clip holds shows no frame; no vendor answers to be asked about a task; a look is kept in
# the browser alone; nobody waits for another address.
IN_VAIN = ("clip_continue", "clip_adopt", "clip_check", "look", "account_email_forget")


def test_a13_who_may_act_does(house):
    """The matrix would be worth little if the forms behind it did nothing at all."""

    def does_something(name):
        before = everything()
        knock(house, name, "owner", DOORS[name].url(name, house.ours))
        assert everything() != before

    house.each([name for name in CHANGING if name not in (*IN_VAIN, *QUESTIONS)], does_something)


def test_a14_every_id_against_another_team(house):
    """The stranger's own address with our ids: nothing is there."""

    def is_not_there(name):
        url = DOORS[name].url(name, house.ours).replace("/northlight/", "/elsewhere/")
        before = everything()
        assert knock(house, name, "stranger", url).status_code == 404
        assert everything() == before

    with_ids = [name for name, door in DOORS.items() if door.of_a_team and door.ids not in (nothing, shipped)]
    house.each(with_ids, is_not_there)


def test_a14_it_is_written_down_who_tried(house, caplog):
    url = reverse("clip", args=["elsewhere", house.ours.clip.public_id])
    house.client("stranger").get(url)
    assert f"refused: person {house.people['stranger'].pk}, 404, clip" in caplog.messages


@pytest.mark.parametrize("name", ["key_test", "key_state", "key_rename", "key_replace", "key_delete"])
def test_a14_a_colleagues_own_key_is_nobodys_business(house, name):
    theirs = a_key(house.ours.team, secret="rehearsal-of-a-maker", person=house.people["maker"])
    url = reverse(name, args=["northlight", theirs.pk])
    assert house.client("owner").post(url, {"label": "Mine", "state": "paused"}).status_code == 404
    answer = house.client("owner").post(
        reverse("generate", args=["northlight"]), PRESSED | {"key": theirs.pk}
    )
    assert answer.status_code == 404
    theirs.refresh_from_db()
    assert (theirs.label, theirs.state, theirs.trashed_at) == ("", "active", None)


def test_a15_a_demoted_person_is_stopped_at_the_next_request(house):
    maker, url = house.client("maker"), reverse("generate", args=["northlight"])
    assert maker.post(url, PRESSED | {"client_token": "one"}).status_code == 303
    demote = reverse("member", args=["northlight", house.people["maker"].pk])
    house.client("owner").post(demote, {"role": "viewer"})
    assert maker.post(url, PRESSED | {"client_token": "two"}).status_code == 403
    assert Job.objects.filter(user=house.people["maker"]).count() == 1


def test_a15_a_removed_person_sees_nothing_from_the_next_request_on(house):
    opens = {name for name, door in DOORS.items() if door.of_a_team and door.method == "GET"}
    seen = [name for name in opens | set(QUESTIONS) if DOORS[name].expects["viewer"] in (200, 204)]

    def look() -> dict[str, int]:
        return {
            name: knock(house, name, "viewer", DOORS[name].url(name, house.ours)).status_code for name in seen
        }

    assert set(look().values()) <= {200, 204}
    leave = reverse("member", args=["northlight", house.people["viewer"].pk])
    house.client("owner").post(leave, {"remove": "1"})
    assert set(look().values()) == {404}


def test_a15_a_removed_persons_browser_is_not_told_that_its_copy_is_still_good(house):
    viewer = house.client("viewer")
    urls = [DOORS[name].url(name, house.ours) for name in MEDIA if DOORS[name].of_a_team]
    tags = {url: viewer.get(url)["ETag"] for url in urls}
    assert {viewer.get(url, headers={"If-None-Match": tag}).status_code for url, tag in tags.items()} == {304}
    Membership.objects.filter(user=house.people["viewer"]).delete()
    assert {viewer.get(url, headers={"If-None-Match": tag}).status_code for url, tag in tags.items()} == {404}


SNEAKY = {
    "id": "1", "pk": "1", "state": "succeeded", "money": "none", "cost": "0", "charge": "0", "estimate": "0",
    "team": "2", "team_id": "2", "user": "2", "user_id": "2", "rehearsal": "0", "rehearsal_only": "0", "account": "x",
    "vendor_task_id": "mine", "email": "evil@example.com", "password": "x", "is_active": "0", "slug": "evil",
    "role": "owner", "token_hash": "x", "expires_at": "2099-01-01", "person": "1", "sealed": "x", "created_by": "2",
}  # fmt: skip


def test_a16_a_form_writes_its_own_fields_and_no_others(house):
    maker, admin = house.client("maker"), house.client("admin")
    me, team = house.people["maker"], house.ours.team
    maker.post(reverse("generate", args=["northlight"]), SNEAKY | PRESSED | {"client_token": "t"})
    job = Job.objects.get(client_token="t")
    assert (job.state, job.team, job.user, job.rehearsal, job.vendor_task_id) == (
        "queued",
        team,
        me,
        True,
        None,
    )
    assert job.estimate and job.charge is None and job.account == house.ours.key.account

    maker.post(reverse("profile"), SNEAKY | {"theme": "dark", "name": "Maker"})
    again = User.objects.get(pk=me.pk)
    assert (again.theme, again.email, again.is_active, again.password) == (
        "dark",
        me.email,
        True,
        me.password,
    )

    maker.post(
        reverse("keys", args=["northlight"]),
        SNEAKY | {"vendor": "defapi", "kind": "rehearsal", "owner": "me"},
    )
    key = VendorKey.objects.get(vendor="defapi")
    assert (key.team, key.person, key.created_by, key.rehearsal, key.state) == (team, me, me, True, "active")

    admin.post(reverse("team_rename", args=["northlight"]), SNEAKY | {"name": "Renamed"})
    team.refresh_from_db()
    assert (team.name, team.slug) == ("Renamed", "northlight")

    answer = admin.post(reverse("invites", args=["northlight"]), SNEAKY)
    assert answer.status_code == 422  # an admin makes no owners
    assert Membership.objects.get(user=me).role == "maker"
