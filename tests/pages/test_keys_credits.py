"""An account with too few credits, as the pages tell of it."""

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from tests.builders import SECRET, VENDOR, a_key
from tests.people import join, person, signed_in
from videos.models import Event, Role, VendorKey
from videos.models.clock import now
from videos.vendors import registry

pytestmark = pytest.mark.django_db
URL = "/t/northlight/keys/"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


class TestTooFewCredits:
    """F10: the team is told once, at the key and in one line on top, by whoever may spend with it."""

    said = "has too few credits: what it cannot pay for is refused"
    elsewhere = "/t/northlight/members/"

    def test_f10_it_stands_at_the_key_and_once_on_every_other_page(self, as_alice, as_bob, team, alice):
        key = a_key(team, label="Marketing", empty_since=now())
        a_key(team, label="The same account", secret=SECRET, person=alice, empty_since=now())
        page = as_alice.get(URL).content.decode()
        assert "The vendor says that this account has too few credits. Top it up there." in page
        assert self.said not in page, "it is said at the key here"
        for client in (as_alice, as_bob):
            page = client.get(self.elsewhere).content.decode()
            assert page.count(self.said) == 1 and f"{URL}#key-{key.pk}" in page
            assert f"The account of Marketing with {registry.vendor(VENDOR).name}" in page

    def test_f10_a_personal_key_is_told_to_its_owner_alone(self, as_alice, as_bob, team, bob):
        a_key(team, label="Bobs", person=bob, empty_since=now())
        assert "The account of Bobs" in as_bob.get(self.elsewhere).content.decode()
        for address in (self.elsewhere, URL):
            page = as_alice.get(address).content.decode()
            assert "Bobs" not in page and self.said not in page

    def test_a_rehearsal_key_is_called_one_there_too(self, as_alice, team):
        a_key(team, label="Marketing", empty_since=now(), rehearsal=False)
        html = as_alice.get("/t/northlight/").content.decode()
        assert ">Rehearsal</span> The account of" not in " ".join(html.split())
        a_key(team, label="Sandbox", secret=SECRET, empty_since=now())
        html = as_alice.get("/t/northlight/").content.decode()
        assert ">Rehearsal</span> The account of Sandbox" in " ".join(html.split())

    def test_f10_who_may_not_spend_and_other_teams_hear_nothing(self, as_charlie, team, alice):
        a_key(team, empty_since=now())
        dora = person("Dora")
        join(team, dora, Role.VIEWER)
        assert self.said not in signed_in(dora).get(self.elsewhere).content.decode()
        assert self.said not in as_charlie.get("/t/elsewhere/members/").content.decode()

    @pytest.mark.parametrize(
        "rests", [{"state": "paused"}, {"trashed_at": LONG_AGO}], ids=["paused", "deleted"]
    )
    def test_f10_a_key_that_rests_is_not_spoken_of_on_top(self, as_alice, team, rests):
        a_key(team, empty_since=now(), **rests)
        assert self.said not in as_alice.get(self.elsewhere).content.decode()

    def test_f10_a_person_says_that_it_is_topped_up(self, as_alice, as_bob, team, bob):
        key, same = a_key(team, empty_since=now()), a_key(team, person=bob, empty_since=now())
        assert (
            as_bob.post(reverse("key_state", args=["northlight", key.pk]), {"state": "topped_up"}).status_code
            == 403
        )
        page = as_alice.post(
            reverse("key_state", args=["northlight", key.pk]), {"state": "topped_up"}, follow=True
        ).content.decode()
        assert "has credits again" in page and self.said not in page
        assert not VendorKey.objects.filter(pk__in=(key.pk, same.pk)).exclude(empty_since=None).exists()
        assert Event.objects.get(verb="key.topped_up").actor.name == "Alice"

    def test_f10_the_form_says_it_beside_the_key(self, as_alice, team):
        key = a_key(team, label="Marketing", empty_since=now())
        html = as_alice.get("/t/northlight/").content.decode()
        assert "Marketing · too few credits" in " ".join(html.split())
        a_key(team, secret="rehearsal-second", label="Second")
        page = as_alice.get("/t/northlight/").content.decode()
        assert re.search(r"Marketing\s+· too few credits\s*</option>", page) and re.search(
            r"Second\s*</option>", page
        )
        VendorKey.objects.filter(pk=key.pk).update(empty_since=None)
        assert "too few credits" not in as_alice.get("/t/northlight/").content.decode()
