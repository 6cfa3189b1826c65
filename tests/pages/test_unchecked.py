"""What arrived and cannot be shown, as people meet it: one card, a download, and one press."""

import json
import os

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from tests.builders import a_job, an_output
from tests.keeping.conftest import a_film
from tests.media.films import film
from tests.pages import door
from tests.pages.test_takes import a_stack, cards
from videos.jobs.retention.purge import purge
from videos.keeping import manifest
from videos.keeping.backup import backup
from videos.management.commands.generate import Command
from videos.media.store import Store
from videos.models import Draft, Event, Job, Membership, Upload
from videos.states import Money, State

pytestmark = pytest.mark.django_db
TITLE = "It arrived; this studio cannot show it"


def unchecked(team, user, data: bytes, **fields) -> Job:
    job = a_job(team, user, kind="unchecked", money=Money.CHARGED, **fields)
    store = Store(settings.MEDIA)
    an_output(
        job, state="unchecked", why="invalid", detail="truncated", file=store.put(data, ".bin"), poster="",
        media_type="application/octet-stream", bytes=len(data), width=None, height=None, seconds=None, fps=None,
    )  # fmt: skip
    return job


@pytest.fixture
def kept(team, alice):
    return unchecked(team, alice, b"\0\0\0\x14ftypqt  half a film" * 9)


def at(name: str, job: Job, *more: int) -> str:
    return reverse(name, args=["northlight", job.public_id, *more])


def test_the_doors(team, kept, charlie):
    door.check("clip_download", ["northlight", kept.public_id, 0], stranger=charlie, post=False)


def test_the_card_says_that_it_arrived_what_was_paid_and_what_to_do(as_alice, kept):
    for show in ("usable", "mine"):
        wall = as_alice.get(reverse("gallery", args=["northlight"]) + f"?show={show}").content.decode()
        assert cards(wall) == [(f"job-{kept.public_id.hex}", "unchecked")]
    assert TITLE in wall and "Charged; the vendor did not say how much." in wall
    assert f'formaction="{at("clip_check", kept)}"' in wall
    failed = as_alice.get(reverse("gallery", args=["northlight"]) + "?show=failed").content.decode()
    assert cards(failed) == []


def test_its_page_says_why_and_lets_it_be_downloaded_and_nothing_else(as_alice, kept):
    page = as_alice.get(at("clip", kept)).content.decode()
    assert TITLE in page and "It ends too early: a part of it is missing." in page
    assert at("clip_download", kept, 0) in page and at("clip_check", kept) in page
    assert "<video" not in page and f'"{at("clip_file", kept, 0)}"' not in page
    assert at("clip_continue", kept) not in page and "clip_frame" not in page
    assert "Fetch it again" in page and "It arrived and is kept" not in page


def test_it_is_handed_out_as_bytes_of_no_type_under_a_name_for_another_program(as_alice, kept):
    answer = as_alice.get(at("clip_download", kept, 0))
    assert b"".join(answer.streaming_content).startswith(b"\0\0\0\x14ftypqt")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    told = answer.headers["Content-Disposition"]
    assert told.startswith("attachment") and told.endswith('.mov"')
    part = as_alice.get(at("clip_download", kept, 0), headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.headers["Content-Type"]) == (206, "application/octet-stream")


def test_a_page_that_calls_itself_a_film_is_no_page_of_ours(as_alice, team, alice):
    job = unchecked(team, alice, b"<svg onload=alert(1)>" * 99)
    answer = as_alice.get(at("clip_download", job, 0))
    assert (answer.headers["Content-Type"], answer.headers["Content-Disposition"][-5:]) == (
        "application/octet-stream", '.bin"',
    )  # fmt: skip


def test_it_is_never_played_or_sent_on(as_alice, kept):
    assert as_alice.get(at("clip_file", kept, 0)).status_code == 404
    assert as_alice.get(at("clip_poster", kept, 0)).status_code == 404
    for more in ({}, {"whole": "1"}, {"at": "1"}):
        as_alice.post(at("clip_frame", kept), {"n": "0", **more})
    assert as_alice.post(at("clip_continue", kept)).status_code == 404
    assert not Upload.objects.exists() and not Draft.objects.exists()
    library = as_alice.get(reverse("picture_clips", args=["northlight"])).content.decode()
    assert "<article" not in library


def test_what_is_still_coming_is_not_handed_out(as_alice, team, alice):
    job = unchecked(team, alice, b"half", state=State.DOWNLOADING)
    job.outputs.update(state="waiting")
    for name in ("clip_file", "clip_download", "clip_poster"):
        assert as_alice.get(at(name, job, 0)).status_code == 404


def test_one_press_makes_it_a_clip_when_it_opens(as_alice, team, alice, tmp_path):
    job = unchecked(team, alice, film(tmp_path / "a.mp4").read_bytes(), options={"resolution": "1080p"})
    card = as_alice.post(at("clip_check", job), headers={"HX-Request": "true"}).content.decode()
    assert f'id="job-{job.public_id.hex}" data-state="ready"' in card
    page = as_alice.get(at("clip", job)).content.decode()
    assert "<video" in page and TITLE not in page and "Asked for 1080p" in page
    assert "Checked again by hand, and it can be shown now" in page
    assert as_alice.get(at("clip_file", job, 0)).headers["Content-Type"] == "video/mp4"
    assert Event.objects.get(verb="job.checked_again").actor == alice


def test_where_it_still_does_not_open_that_is_said_and_nothing_changes(as_alice, kept):
    answer = as_alice.post(at("clip_check", kept), headers={"HX-Request": "true"})
    assert answer.status_code == 422 and "still cannot be shown" in answer.content.decode()
    said = as_alice.post(at("clip_check", kept), follow=True).content.decode()
    assert "still cannot be shown" in said and TITLE in said


def test_a_viewer_may_download_and_not_press(client, team, bob, kept):
    Membership.objects.filter(user=bob, team=team).update(role="viewer")
    client.force_login(bob)
    page = client.get(at("clip", kept)).content.decode()
    assert at("clip_download", kept, 0) in page and at("clip_check", kept) not in page
    assert client.post(at("clip_check", kept)).status_code == 403


def test_among_takes_it_is_no_film_and_cannot_be_the_one_to_keep(as_alice, team, alice):
    job, other = a_stack(team, alice, State.SUCCEEDED, State.FAILED)
    job.outputs.update(state="unchecked", poster="", detail="codec")
    Job.objects.filter(pk=job.pk).update(kind="unchecked")
    wall = as_alice.get(reverse("gallery", args=["northlight"])).content.decode()
    assert cards(wall) == [(f"stack-{job.take_group.hex}", "unchecked")] and TITLE in wall
    stack = reverse("stack", args=["northlight", job.take_group])
    page = as_alice.get(stack).content.decode()
    assert TITLE in page and "<video" not in page and "Pick this one" not in page
    keeper = reverse("stack_keeper", args=["northlight", job.take_group])
    as_alice.post(keeper, {"take": job.public_id.hex})
    assert not Job.objects.filter(keeper=True).exists()


def test_beside_a_film_that_can_be_shown_it_is_listed(as_alice, team, alice, kept):
    Job.objects.filter(pk=kept.pk).update(kind="")
    a_film(Store(settings.MEDIA), kept, 1)
    page = as_alice.get(at("clip", kept)).content.decode()
    assert "<video" in page and "Arrived too, and cannot be shown" in page
    assert at("clip_download", kept, 0) in page and at("clip_check", kept) in page


def test_it_goes_into_the_trash_and_its_bytes_with_it_when_their_time_is_over(as_alice, kept):
    path = Store(settings.MEDIA).path(kept.outputs.get().file)
    as_alice.post(at("clip_trash", kept))
    assert (
        reverse("clip", args=["northlight", kept.public_id])
        in as_alice.get(reverse("trash", args=["northlight"])).content.decode()
    )
    Job.objects.filter(pk=kept.pk).update(trashed_at=timezone.now() - timezone.timedelta(days=99))
    os.utime(path, (0, 0))
    purge()
    assert not path.exists() and kept.outputs.get().state == "purged"


@pytest.mark.django_db(transaction=True)
def test_a_backup_has_it(tmp_path, kept):
    paper = backup(tmp_path / "copy")
    name = kept.outputs.get().file
    assert name not in paper.lost and name in [one.name for one in manifest.manifest(tmp_path / "copy")]


def test_the_command_line_names_it_apart(kept, capsys):
    assert Command().report(kept, True, waited=True) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["outcome"], said["files"]) == ("unchecked", [])
    assert said["unchecked"] == [kept.outputs.get().file] and said["message"].startswith(TITLE)
