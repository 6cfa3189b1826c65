import io

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command

from tests.builders import SECRET, VENDOR, a_job, a_key, an_output
from videos import vault
from videos.hooks import deliveries
from videos.jobs.freeze import open_url, thaw
from videos.management.commands import rotate_keys
from videos.models import Event, Output, Team, VendorKey
from videos.models.clock import now

pytestmark = pytest.mark.django_db


class TestAddKey:
    @pytest.fixture
    def addkey(self, monkeypatch):
        def addkey(*arguments, typed=f"{SECRET}\n"):
            monkeypatch.setattr("sys.stdin", io.StringIO(typed))
            said = io.StringIO()
            call_command("addkey", *arguments, stdout=said, stderr=said)
            return said.getvalue()

        return addkey

    def test_the_key_comes_in_by_standard_input(self, addkey, team):
        said = addkey(VENDOR, "--team", "Northlight", "--label", "Marketing")
        row = VendorKey.objects.get()
        assert vault.open_key(row) == SECRET and row.label == "Marketing" and not row.rehearsal
        assert SECRET not in said and "(…1a2b)" in said
        event = Event.objects.get()
        assert event.verb == "key.added" and event.actor is None and SECRET not in str(event.data)

    def test_a_rehearsal_key(self, addkey, team):
        addkey(VENDOR, "--team", "northlight", "--rehearsal")
        assert VendorKey.objects.get().rehearsal

    @pytest.mark.parametrize(
        ("arguments", "typed", "why"),
        [
            (("nobody", "--team", "Northlight"), SECRET, "There is no vendor 'nobody'; there are"),
            ((VENDOR, "--team", "Nobody"), SECRET, "There is no team"),
            ((VENDOR, "--team", "Northlight"), "", "is no key"),
            ((VENDOR, "--team", "Northlight"), "two words", "is no key"),
            ((VENDOR, "--team", "Northlight", "--label", "x" * 61), SECRET, "at most 60"),
        ],
    )
    def test_what_is_wrong_is_said(self, addkey, team, arguments, typed, why):
        with pytest.raises(CommandError, match=why):
            addkey(*arguments, typed=typed)
        assert not VendorKey.objects.exists()

    def test_the_same_key_twice(self, addkey, team):
        addkey(VENDOR, "--team", "Northlight")
        with pytest.raises(CommandError, match="already"):
            addkey(VENDOR, "--team", "Northlight")

    def test_two_teams_of_one_name_are_told_apart_by_their_address(self, addkey, team):
        Team.objects.create(name="Northlight", slug="northlight-2")
        addkey(VENDOR, "--team", "northlight-2")
        team.name = "Other"
        team.save()
        Team.objects.create(name="Northlight", slug="northlight-3")
        with pytest.raises(CommandError, match="Several teams"):
            addkey(VENDOR, "--team", "Northlight")

    def test_a_team_that_only_rehearses(self, addkey, team):
        team.rehearsal_only = True
        team.save()
        with pytest.raises(CommandError, match="--rehearsal"):
            addkey(VENDOR, "--team", "Northlight")


class TestRotation:
    @pytest.fixture
    def sealed(self, team, alice):
        key = a_key(team)
        output = an_output(a_job(team, alice, key=key))
        deliveries.keep(output.job, b"called back", now())
        return key, output

    @pytest.fixture
    def newer(self, settings):
        """A newer encryption key stands first, as docs/settings.md says."""
        self.old = settings.FIELD_ENCRYPTION_KEYS
        new = Fernet.generate_key().decode()
        settings.FIELD_ENCRYPTION_KEYS = [new, *self.old]
        return new

    def rotate(self, *arguments):
        said = io.StringIO()
        call_command("rotate_keys", *arguments, stdout=said, stderr=said)
        return said.getvalue()

    def opens(self, output):
        output = Output.objects.select_related("job__key").get(pk=output.pk)
        return (
            vault.open_key(output.job.key),
            thaw(output.job).body,
            open_url(output),
            *deliveries.bodies(output.job),
        )

    def test_afterwards_the_old_key_is_not_needed(self, sealed, newer, settings):
        before = self.opens(sealed[1])
        said = self.rotate()
        columns = ("VendorKey.sealed", "Job.body_sealed", "Output.url_sealed", "CallbackDelivery.body_sealed")
        assert said.splitlines() == [
            *(f"{column}: 1 sealed again" for column in columns),
            "Letter.sealed: 0 sealed again",
        ]
        settings.FIELD_ENCRYPTION_KEYS = [newer]
        assert self.opens(sealed[1]) == before

    def test_a_look_changes_nothing(self, sealed, newer, settings):
        assert "VendorKey.sealed: 1 open" in self.rotate("--check")
        settings.FIELD_ENCRYPTION_KEYS = [newer]
        with pytest.raises(vault.KeyUnreadable):
            self.opens(sealed[1])

    def test_again_and_again(self, sealed, newer):
        self.rotate()
        self.rotate()
        assert self.opens(sealed[1])[0] == SECRET

    def test_more_than_a_batch_and_after_an_interruption(self, team, newer, settings, monkeypatch):
        monkeypatch.setattr(rotate_keys, "BATCH", 2)
        for number in range(5):
            a_key(team, secret=f"rehearsal-number-{number}")
        half = list(VendorKey.objects.order_by("pk"))[:3]
        for row in half:  # as a run that was interrupted leaves them
            VendorKey.objects.filter(pk=row.pk).update(sealed=vault.reseal(row.sealed))
        assert "VendorKey.sealed: 5 sealed again" in self.rotate()
        settings.FIELD_ENCRYPTION_KEYS = [newer]
        keys = sorted(vault.open_key(row) for row in VendorKey.objects.all())
        assert keys == [f"rehearsal-number-{number}" for number in range(5)]

    def test_what_cannot_be_opened_is_named_and_left_alone(self, sealed, newer):
        VendorKey.objects.update(sealed=b"from a lost key")
        with pytest.raises(CommandError, match="keep the old encryption keys"):
            self.rotate()
        assert bytes(VendorKey.objects.get().sealed) == b"from a lost key"

    def test_an_erased_key_is_nothing_to_rotate(self, team, newer):
        a_key(team)
        VendorKey.objects.update(sealed=b"")
        assert "VendorKey.sealed: 0 sealed again" in self.rotate()
