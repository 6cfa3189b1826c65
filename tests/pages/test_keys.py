from datetime import UTC, datetime

import pytest
from django.urls import reverse

from tests.builders import SECRET, VENDOR, a_job, a_key
from tests.pages import door
from tests.people import join, person, signed_in
from videos import vault
from videos.jobs.retention.erasing import erase_settled
from videos.models import Event, Membership, Role, VendorKey
from videos.states import State
from videos.vendors import registry

pytestmark = pytest.mark.django_db
URL = "/t/northlight/keys/"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
NEW = {"vendor": VENDOR, "kind": "real", "key": "an-unknown-key-9f2c", "label": "Marketing", "owner": "team"}


def at(name, key):
    return reverse(name, args=["northlight", key.pk])


@pytest.mark.parametrize(
    ("name", "args", "post"),
    [("keys", ["northlight"], False)]
    + [(name, ["northlight", 1], True) for name in ("key_test", "key_state", "key_rename", "key_delete")],
)
def test_the_door(team, alice, charlie, name, args, post):
    door.check(name, args, stranger=charlie, post=post)


def test_every_vendor_is_there_and_says_where_keys_come_from(as_alice):
    page = as_alice.get(URL).content.decode()
    for vendor in registry.VENDORS.values():
        assert vendor.name in page and vendor.keys_url in page
    assert 'style="' not in page and 'autocomplete="off"' in page


def test_a_key_goes_into_the_vault_and_never_comes_back(as_alice, team, caplog):
    answer = as_alice.post(URL, NEW, follow=True)
    assert answer.redirect_chain == [(URL, 302)]
    row = VendorKey.objects.get()
    assert vault.open_key(row) == NEW["key"] and (row.label, row.rehearsal, row.person) == (
        "Marketing",
        False,
        None,
    )
    page = answer.content.decode()
    assert "•••• 9f2c" in page and "Marketing" in page
    everywhere = page + str(list(Event.objects.values())) + caplog.text + str(row.__dict__)
    assert NEW["key"] not in everywhere
    event = Event.objects.get(verb="key.added")
    assert event.object == f"vendorkey:{row.pk}" and event.actor.name == "Alice"
    assert event.data == {"vendor": VENDOR, "rehearsal": False, "personal": False}


def test_what_people_copy_out_of_an_example_is_understood(as_alice):
    as_alice.post(URL, NEW | {"key": "  Authorization: Bearer an-unknown-key-9f2c \n"})
    assert vault.open_key(VendorKey.objects.get()) == NEW["key"]


@pytest.mark.parametrize(
    "wrong",
    [{"key": ""}, {"key": "short"}, {"key": "two words here"}, {"key": "schlüssel-mit-ü"}, {"key": "x" * 501}]
    + [{"vendor": "nobody"}, {"kind": "both"}, {"owner": "everybody"}, {"label": "x" * 61}],
)
def test_what_is_no_key_is_refused_and_not_repeated(as_alice, wrong):
    answer = as_alice.post(URL, NEW | wrong)
    assert answer.status_code == 422 and not VendorKey.objects.exists()
    assert NEW["key"] not in answer.content.decode()


class TestWrongField:
    """A key pasted into another vendor's field would be shown to a stranger."""

    hinted = next(one for one in registry.VENDORS.values() if one.key_hint)

    def test_is_caught_by_how_it_begins(self, as_alice):
        key = self.hinted.key_hint + "0123456789abcdef"
        answer = as_alice.post(URL, NEW | {"key": key})
        page = answer.content.decode()
        assert answer.status_code == 422 and not VendorKey.objects.exists()
        assert f"looks like a key of {self.hinted.name}" in page and key not in page

    def test_and_by_how_it_does_not(self, as_alice):
        answer = as_alice.post(URL, NEW | {"vendor": self.hinted.slug})
        assert f"begin with {self.hinted.key_hint}" in answer.content.decode()

    def test_is_a_warning_and_no_verdict(self, as_alice):
        as_alice.post(URL, NEW | {"vendor": self.hinted.slug, "sure": "on"})
        assert VendorKey.objects.get().vendor == self.hinted.slug

    def test_the_right_field_is_quiet(self, as_alice):
        key = self.hinted.key_hint + "0123456789abcdef"
        as_alice.post(URL, NEW | {"vendor": self.hinted.slug, "key": key})
        assert VendorKey.objects.exists()


def test_a_rehearsal_key_makes_itself(as_alice):
    as_alice.post(URL, NEW | {"kind": "rehearsal", "key": ""})
    row = VendorKey.objects.get()
    assert row.rehearsal and vault.open_key(row).startswith("rehearsal-")


def test_several_per_vendor_and_the_same_one_once(as_alice):
    as_alice.post(URL, NEW)
    as_alice.post(URL, NEW | {"key": "another-key-0000", "label": "Second"})
    again = as_alice.post(URL, NEW)
    assert again.status_code == 422 and "already: Marketing" in again.content.decode()
    assert VendorKey.objects.count() == 2


def test_a_team_that_only_rehearses_takes_no_real_key(as_alice, team):
    team.rehearsal_only = True
    team.save()
    assert as_alice.post(URL, NEW).status_code == 422 and not VendorKey.objects.exists()
    as_alice.post(URL, NEW | {"kind": "rehearsal"})
    assert VendorKey.objects.get().rehearsal


class TestWhoMay:
    def test_a_maker_brings_a_key_for_themselves_alone(self, as_bob, bob):
        assert as_bob.post(URL, NEW).status_code == 422
        as_bob.post(URL, NEW | {"owner": "me"})
        assert VendorKey.objects.get().person == bob

    def test_a_personal_key_is_nobody_elses_to_see(self, as_alice, as_bob, team, bob):
        key = a_key(team, person=bob, label="Bob's own")
        assert "Bob&#x27;s own" in as_bob.get(URL).content.decode()
        assert "Bob&#x27;s own" not in as_alice.get(URL).content.decode()
        for name in ("key_test", "key_state", "key_rename", "key_delete"):
            assert as_alice.post(at(name, key)).status_code == 404
        # Not even by bringing the same one: that it is known would tell.
        assert as_alice.post(URL, NEW | {"kind": "rehearsal", "key": SECRET}).status_code == 302

    def test_a_maker_sees_the_teams_keys_and_changes_none(self, as_bob, team, alice):
        key = a_key(team, label="Ours")
        page = as_bob.get(URL).content.decode()
        assert "Ours" in page and at("key_delete", key) not in page
        for name in ("key_test", "key_state", "key_rename", "key_delete"):
            assert as_bob.post(at(name, key)).status_code == 403
        assert VendorKey.objects.get().state == "active"

    def test_a_viewer_brings_none(self, team, alice):
        dora = person("Dora")
        join(team, dora, Role.VIEWER)
        client = signed_in(dora)
        assert 'name="key"' not in client.get(URL).content.decode()
        assert client.post(URL, NEW | {"owner": "me"}).status_code == 403

    def test_a_key_of_another_team_does_not_exist(self, as_charlie, team, alice):
        key = a_key(team)
        for name in ("key_test", "key_state", "key_rename", "key_delete"):
            url = reverse(name, args=["elsewhere", key.pk])
            assert as_charlie.post(url).status_code == 404
        assert VendorKey.objects.get().trashed_at is None


class TestState:
    def test_rests_and_goes_on(self, as_alice, team):
        key = a_key(team)
        as_alice.post(at("key_state", key), {"state": "paused"})
        assert VendorKey.objects.get().state == "paused"
        as_alice.post(at("key_state", key), {"state": "active"})
        assert VendorKey.objects.get().state == "active"
        assert list(Event.objects.values_list("verb", flat=True)) == ["key.paused", "key.resumed"]

    def test_a_second_press_changes_nothing(self, as_alice, team):
        key = a_key(team)
        for _ in range(2):
            as_alice.post(at("key_state", key), {"state": "paused"})
        assert Event.objects.count() == 1

    def test_a_broken_key_shows_the_vendors_words_folded(self, as_alice, team):
        a_key(team, state="broken", said="invalid <b>api key</b>")
        page = as_alice.get(URL).content.decode()
        assert "<details" in page and "invalid &lt;b&gt;api key&lt;/b&gt;" in page
        assert "refused by the vendor" in page

    def test_a_label(self, as_alice, team):
        key = a_key(team)
        as_alice.post(at("key_rename", key), {"label": "Trailer"})
        assert VendorKey.objects.get().label == "Trailer"
        as_alice.post(at("key_rename", key), {"label": "x" * 61})
        assert VendorKey.objects.get().label == "Trailer"


class TestDelete:
    def test_an_unused_key_is_erased(self, as_alice, team):
        key = a_key(team)
        page = as_alice.post(at("key_delete", key), follow=True).content.decode()
        assert "is deleted" in page and f'id="key-{key.pk}"' not in page
        key.refresh_from_db()
        assert key.trashed_at and bytes(key.sealed) == b""
        assert as_alice.post(at("key_state", key), {"state": "active"}).status_code == 404

    @pytest.mark.parametrize("state", [State.QUEUED, State.SUBMITTING])
    def test_not_while_something_waits_to_be_sent(self, as_alice, team, alice, state):
        key = a_key(team)
        a_job(team, alice, state=state, key=key)
        page = as_alice.post(at("key_delete", key), follow=True).content.decode()
        assert "1 generation still waits" in page
        assert VendorKey.objects.get().trashed_at is None

    @pytest.mark.parametrize("state", [State.RUNNING, State.UNKNOWN, State.DOWNLOADING, State.EXPIRED])
    def test_stays_sealed_while_the_vendor_has_to_be_asked(self, as_alice, team, alice, state):
        key = a_key(team)
        job = a_job(team, alice, state=state, key=key)
        as_alice.post(at("key_delete", key))
        key.refresh_from_db()
        assert key.trashed_at and key.state == "paused" and vault.open_key(key) == SECRET
        type(job).objects.update(state=State.SUCCEEDED)
        assert erase_settled() == 1
        key.refresh_from_db()
        with pytest.raises(vault.KeyUnreadable):
            vault.open_key(key)

    def test_can_be_added_again(self, as_alice):
        as_alice.post(URL, NEW)
        as_alice.post(at("key_delete", VendorKey.objects.get()))
        assert as_alice.post(URL, NEW).status_code == 302
        assert VendorKey.objects.filter(trashed_at=None).count() == 1


def test_costs_the_same_for_one_key_as_for_thirty(as_alice, team, bob, django_assert_num_queries):
    a_key(team)
    with django_assert_num_queries(9):
        as_alice.get(URL)
    for number in range(30):
        a_key(team, secret=f"rehearsal-number-{number}")
    with django_assert_num_queries(9):
        as_alice.get(URL)


def test_who_left_the_team_finds_no_keys(as_bob, bob, team):
    a_key(team, person=bob)
    Membership.objects.filter(user=bob).delete()
    assert as_bob.get(URL).status_code == 404
