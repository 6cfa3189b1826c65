"""A42 to A45: a stolen dump, swapped ciphertexts, wrong encryption keys, a rotation cut short."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from tests.attacks.secrets_kept import found_in, spellings, whole_database
from tests.builders import a_job, a_key, an_output
from tests.jobs import faulty_vendor as says
from tests.jobs.engine import a_picture, drive, fresh, looked, press
from tests.media.films import film
from tests.network import faults
from tests.people import PASSWORD
from videos import vault
from videos.jobs.freeze import Tampered, open_url, thaw
from videos.keys import changes
from videos.models import CallbackDelivery, Output, SpendAttempt, Team, VendorKey

ROOT = Path(__file__).resolve().parents[2]
FERNET = "YS1rZXktb2YtdGhpcnR5LXR3by1ieXRlcy1mb3ItdHM="
KEY = "rehearsal-zq9-7f3a9c51e2d84b60"


def test_the_search_finds_what_it_is_meant_to_find():
    for form in spellings(KEY):
        assert found_in(b"...." + form + b"....", {"it": KEY}) == {"it"}
    assert found_in(b"nothing", {"it": KEY}) == set()


@pytest.mark.django_db(transaction=True)
def test_a42_a_stolen_database_tells_no_secret(alice, team, member, vendor, tmp_path):
    """From signing in and adding a key to the stored film, all through the front door and
    the engine; then everything that lies on the disk is searched."""
    owner = Client()
    owner.post(reverse("account_login"), {"login": "alice@example.com", "password": PASSWORD})
    page = owner.post(reverse("invites", args=["northlight"]), {"role": "maker"}).content.decode()
    changes.add(member, vendor="seedanceapi-org", key=KEY, rehearsal=True)

    film(tmp_path / "film.mp4", frames=24)
    vendor.files["/film.mp4?sig=zq9signature"] = faults.answers(
        body=(tmp_path / "film.mp4").read_bytes(), content_type="video/mp4"
    )
    film_at = f"{vendor.url}/film.mp4?sig=zq9signature"
    vendor.looks = [says.made(film_at)]
    job = drive(press(member, pictures=(("start", a_picture(member)),)))
    sent = vendor.sent[0].body.decode()
    told = {"data": {"task_id": "task-1", "status": "SUCCESS", "response": [film_at]}, "request": sent}
    called = owner.post(re.search(r"/hooks/[\w-]+/[\w-]{43}/", sent)[0], told, "application/json")
    assert called.status_code == 200 and CallbackDelivery.objects.filter(job=job).exists()
    job = drive(looked(job))
    assert job.state == "succeeded", (job.state, job.said)

    secrets = {
        "vendor key": KEY,
        "password": PASSWORD,
        "callback token": re.search(r"/hooks/seedanceapi-org/([\w-]{43})/", sent)[1],
        "picture token": re.search(r"/p/([\w-]{43})\.", sent)[1],
        "invite token": re.search(r"/invites/([\w-]{43})/", page)[1],
        "session": owner.cookies["studio-8000"].value,
        "result address": film_at,
        "its signature": "zq9signature",
    }  # fmt: skip
    assert vendor.sent[0].headers["authorization"] == f"Bearer {KEY}"
    dump = whole_database()
    assert job.public_id.hex.encode() in dump  # the dump is one
    assert found_in(dump, secrets) == set()
    assert open_url(job.outputs.get()) == secrets["result address"]  # it is there, sealed


# --- A43 ---------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["another team", "another vendor", "a rehearsal"])
def test_a43_a_key_moved_to_another_row_opens_as_nothing(team, what):
    ours = a_key(team, secret=KEY)
    other = {
        "another team": lambda: a_key(Team.objects.create(name="Elsewhere", slug="elsewhere"), secret="rehearsal-other"),
        "another vendor": lambda: a_key(team, vendor="defapi", secret="rehearsal-other"),
        "a rehearsal": lambda: a_key(team, rehearsal=False, secret="sk-real-other"),
    }[what]()  # fmt: skip
    VendorKey.objects.filter(pk=other.pk).update(sealed=ours.sealed)
    other.refresh_from_db()
    with pytest.raises(vault.KeyUnreadable):
        vault.open_key(other)


@pytest.mark.django_db
def test_a43_nothing_is_sent_with_a_swapped_key(alice, team, member, vendor):
    stolen = a_key(Team.objects.create(name="Elsewhere", slug="elsewhere"), secret=KEY)
    key = a_key(team, secret="rehearsal-ours")
    job = press(member)
    VendorKey.objects.filter(pk=key.pk).update(sealed=stolen.sealed)
    job = drive(job)
    assert vendor.sent == [] and not SpendAttempt.objects.exists()
    assert job.state == "queued" and job.waiting_for == "key"
    key.refresh_from_db()
    assert key.state == "broken"  # which the keys page shows, and the card


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["body_sealed", "body_sha256"])
def test_a43_nor_is_another_jobs_request(team, member, vendor, column):
    a_key(team, secret="rehearsal-ours")
    cheap, dear = press(member, "A harbour"), press(member, "A harbour, and more of it")
    type(dear).objects.filter(pk=dear.pk).update(**{column: getattr(cheap, column)})
    dear = fresh(dear)
    with pytest.raises((vault.KeyUnreadable, Tampered)):
        thaw(dear)
    drive(dear)
    assert vendor.sent == [] and not SpendAttempt.objects.exists()


@pytest.mark.django_db
def test_a43_nor_does_an_address_move_to_another_clip(team, alice):
    a_key(team)
    one, two = (an_output(a_job(team, alice, text)) for text in ("One", "Two"))
    Output.objects.filter(pk=two.pk).update(url_sealed=one.url_sealed)
    with pytest.raises(vault.KeyUnreadable):
        open_url(Output.objects.select_related("job").get(pk=two.pk))


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token[:-2] + b"A=",
        lambda token: token[:-9],
        lambda token: b"",
        lambda token: token + token,
    ],
)
def test_a43_a_changed_ciphertext_opens_as_nothing(change):
    sealed = vault.seal(b"secret", kind="key", team=1)
    with pytest.raises(vault.KeyUnreadable):
        vault.unseal(change(sealed), kind="key", team=1)


# --- A44 ---------------------------------------------------------------------


def started(**env: str) -> subprocess.CompletedProcess:
    names = ("STUDIO_", "FIELD_", "DATABASE_", "DJANGO_", "REDIS_", "EMAIL_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(names)}
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "check"], env=clean | env, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (None, "FIELD_ENCRYPTION_KEYS is missing"),
        ("", "FIELD_ENCRYPTION_KEYS is missing"),
        (" , ", "FIELD_ENCRYPTION_KEYS"),
        ("no-key-at-all", "must be one or more Fernet keys"),
        (f"{FERNET},short", "must be one or more Fernet keys"),
    ],
)
def test_a44_nothing_starts_without_encryption_keys(tmp_path, keys, said):
    env = {
        "STUDIO_ENV": "production",
        "STUDIO_SECRET_KEY": "s" * 60,
        "STUDIO_DATA": str(tmp_path),
        "STUDIO_ACCOUNT_PEPPER": "p" * 40,
    }
    done = started(**env | ({} if keys is None else {"FIELD_ENCRYPTION_KEYS": keys}))
    assert done.returncode != 0 and said in done.stderr


@pytest.mark.django_db
def test_a44_with_the_wrong_ones_nothing_is_sent_and_the_page_says_so(
    team, member, as_alice, vendor, settings
):
    key = a_key(team, secret=KEY)
    job = press(member)
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(vault.KeyUnreadable):
        vault.open_key(key)
    job = drive(job)
    page = as_alice.post(reverse("key_test", args=["northlight", key.pk]), follow=True).content.decode()
    assert "cannot open this key" in page
    assert vendor.sent == vendor.looked == [] and job.state == "queued"
    assert as_alice.get(reverse("clip", args=["northlight", job.public_id])).status_code == 200


# --- A45 ---------------------------------------------------------------------


@pytest.mark.django_db
def test_a45_a_rotation_cut_in_the_middle_leaves_both_halves_readable(team, settings):
    rows = [a_key(team, secret=f"rehearsal-number-{n}") for n in range(10)]
    old = settings.FIELD_ENCRYPTION_KEYS
    new = Fernet.generate_key().decode()
    settings.FIELD_ENCRYPTION_KEYS = [new, *old]
    for row in rows[:5]:  # killed here: what was done is committed, row by row
        VendorKey.objects.filter(pk=row.pk).update(sealed=vault.reseal(row.sealed))

    def opened() -> list[str]:
        return [vault.open_key(row) for row in VendorKey.objects.order_by("pk")]

    everything = [f"rehearsal-number-{n}" for n in range(10)]
    assert opened() == everything
    settings.FIELD_ENCRYPTION_KEYS = old  # even an operator who goes back loses nothing that was not done
    assert [vault.open_key(row) for row in VendorKey.objects.order_by("pk")[5:]] == everything[5:]
    settings.FIELD_ENCRYPTION_KEYS = [new, *old]
    call_command("rotate_keys", stdout=io.StringIO())
    settings.FIELD_ENCRYPTION_KEYS = [new]
    assert opened() == everything


@pytest.mark.django_db
def test_a45_accounts_keep_their_names_through_a_rotation(team, settings):
    """Else one account would get a second bucket of calls, and the same key could be added twice."""
    before = vault.account_of("defapi", KEY, rehearsal=True)
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_ENCRYPTION_KEYS]
    assert vault.account_of("defapi", KEY, rehearsal=True) == before
    assert json.dumps(before).isascii() and KEY not in before
