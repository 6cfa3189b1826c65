"""Whether vendors can see this studio: the keys page says it, in words an owner can act on."""

import pytest

from tests.builders import a_job, a_key
from tests.pages import door
from tests.pages.pictures import an_upload
from videos import vault
from videos.jobs import queue
from videos.jobs.running import reach
from videos.keys import reaching
from videos.models import JobPicture, clock

pytestmark = pytest.mark.django_db
KEYS, TRY = "/t/northlight/keys/", "/t/northlight/keys/reach/"
VERDICTS = (
    "trying", "nobody_tried", "works", "not_set", "not_https", "private", "no_name", "no_answer", "tls", "other_answer",
)  # fmt: skip


def test_the_doors(team, alice, charlie):
    door.check("keys_reach", ["northlight"], stranger=charlie, post=True)


def test_an_owner_has_it_tried_by_the_worker_and_not_by_the_page(as_alice, monkeypatch):
    nudged = []
    monkeypatch.setattr(queue, "nudge_reach", lambda: nudged.append(1))
    monkeypatch.setattr(reach.exchange, "send", None)  # the page itself asks nobody
    assert "Nobody has tried this address yet." in as_alice.get(KEYS).content.decode()
    answer = as_alice.post(TRY)
    assert (answer.status_code, answer.url, nudged) == (302, f"{KEYS}#reach", [1])
    page = as_alice.get(KEYS).content.decode()
    assert "The worker is trying it now." in page and 'hx-trigger="every 2s"' in page
    assert "It was tried a moment ago." in as_alice.post(TRY, follow=True).content.decode()
    assert nudged == [1]


def test_who_does_not_manage_reads_it_and_cannot_press(as_bob):
    page = as_bob.get(KEYS).content.decode()
    assert "Can a vendor see this studio?" in page and f'action="{TRY}"' not in page
    assert as_bob.post(TRY).status_code == 403


@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict_has_words_and_every_bad_one_a_next_step(as_alice, verdict, settings):
    settings.PUBLIC_URL = "https://studio.example.com"
    reach.heartbeat.beat(reach.NAME, verdict=verdict, url=settings.PUBLIC_URL, status=404)
    tone, says, do = reaching.describe_reach(reach.last_result())
    page = as_alice.get(KEYS).content.decode()
    assert says and tone in ("info", "good", "warn", "bad") and f'data-tone="{tone}"' in page
    assert bool(do) == (verdict != "trying") and ("hx-trigger" in page.partition('id="reach"')[2]) == (
        verdict == "trying"
    )


def test_a_vendors_visit_is_the_proof_from_outside(as_alice, team, alice, as_charlie):
    for rehearsal, secret in ((True, "rehearsal-x"), (False, "sk-real-x")):
        assert "No vendor has come by yet" in as_alice.get(KEYS).content.decode()
        job = a_job(team, alice, key=a_key(team, secret=secret, rehearsal=rehearsal))
        JobPicture.objects.create(
            job=job, upload=an_upload(team, alice, 1 + rehearsal), role="start", link_hash=vault.mint()[1],
            fetched_at=clock.now(),
        )  # fmt: skip
    assert "A vendor was last here, from outside" in as_alice.get(KEYS).content.decode()
    assert "No vendor has come by yet" in as_charlie.get("/t/elsewhere/keys/").content.decode()
