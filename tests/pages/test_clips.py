"""The page of one generation, and every verb on it."""

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from tests.builders import a_job, a_key, an_output
from tests.pages import door
from tests.people import signed_in
from videos.jobs.transitions import By, record
from videos.models import Job
from videos.states import State

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
VERBS = (
    "clip_retry",
    "clip_stop",
    "clip_decision",
    "clip_adopt",
    "clip_look",
    "clip_check",
    "clip_trash",
    "clip_restore",
    "clip_continue",
)


def at(name: str, job: Job, *more) -> str:
    return reverse(name, args=["northlight", job.public_id, *more])


@pytest.fixture
def film(team, alice):
    job = a_job(team, alice, "A lighthouse\nat dusk", options={"seconds": 8, "resolution": "720p", "audio": True},
                charge=28, estimate=28, unit="credits", money="charged")  # fmt: skip
    an_output(job, differs=[["resolution", "1080p", "720p"]], video_codec="h264", bytes=1_500_000)
    return job


@pytest.fixture
def lost_answer(team, alice):
    return a_job(team, alice, state=State.UNKNOWN, kind="no_answer", money="possibly")


@pytest.mark.parametrize("name", VERBS)
def test_the_doors_of_the_verbs(team, alice, charlie, name):
    door.check(name, ["northlight", a_job(team, alice).public_id], stranger=charlie, post=True)


def test_the_door_of_the_page(team, alice, charlie):
    door.check("clip", ["northlight", a_job(team, alice).public_id], stranger=charlie, post=False)


def test_a_member_of_another_team_cannot_reach_it_through_their_own(as_charlie, team, alice):
    job = a_job(team, alice)
    assert as_charlie.get(reverse("clip", args=["elsewhere", job.public_id])).status_code == 404


def test_what_was_asked_what_arrived_and_what_it_cost(as_bob, film, alice):
    record(film, "job.created", By(actor=alice))
    record(film, "job.stored", By(worker="w1"), data={"stored": 1, "of": 1})
    html = as_bob.get(at("clip", film)).content.decode()
    assert f'src="{at("clip_file", film, 0)}"' in html and "controls" in html and " loop" in html
    assert "Asked for 1080p, got 720p" in html and "1280 × 720" in html and "8 s" in html
    assert html.count("<dd>28 credits</dd>") == 2 and "Alice" in html
    assert "Asked for · Alice" in html and "Stored here, checked and playable" in html
    assert "A lighthouse\nat dusk</h1>" in html and " style=" not in html


@pytest.mark.parametrize(
    ("money", "awaited"),
    [("none", False), ("not_charged", False), ("held", True), ("possibly", True), ("charged", True)],
)
def test_a_vendors_word_about_the_charge_is_missed_only_where_one_is_due(as_bob, team, alice, money, awaited):
    job = a_job(team, alice, state=State.FAILED, money=money, estimate=28, unit="credits")
    page = as_bob.get(at("clip", job)).content.decode()
    assert ("the vendor has not said" in page) is awaited
    assert "Price shown" in page


def test_several_outputs_and_the_last_frame_are_all_there(as_alice, film):
    an_output(film, 1)
    an_output(film, 2, kind="last_frame", file="x.png", media_type="image/png")
    html = as_alice.get(at("clip", film), {"n": "1"}).content.decode()
    assert f'src="{at("clip_file", film, 1)}"' in html and "Last frame" in html
    assert html.count("?n=") == 3 and at("clip_continue", film) in html


def test_unfinished_it_asks_for_itself_and_hears_nothing_until_something_changed(as_alice, team, alice):
    job = a_job(team, alice, state=State.RUNNING)
    html = as_alice.get(at("clip", job)).content.decode()
    question = re.search(r'id="poll" hidden hx-get="([^"]+)"', html)[1]
    assert as_alice.get(question, headers=HTMX).status_code == 204
    Job.objects.filter(pk=job.pk).update(version=5)
    answer = as_alice.get(question, headers=HTMX)
    assert answer.status_code == 200 and answer.content.decode().lstrip().startswith('<div id="clip"')


def test_the_vendors_own_words_are_folded_and_escaped(as_alice, team, alice):
    job = a_job(team, alice, state=State.FAILED, kind="failed", said="<script>no</script>")
    html = as_alice.get(at("clip", job)).content.decode()
    assert "&lt;script&gt;no" in html.partition("<details")[2] and "<script>no" not in html


def test_retry_is_a_new_job_with_the_same_inputs(as_alice, team, alice):
    """Behaviour 19."""
    a_key(team)
    options = {
        "seconds": 8,
        "aspect_ratio": "16:9",
        "resolution": "720p",
        "audio": True,
        "camera_fixed": False,
    }
    old = a_job(team, alice, state=State.FAILED, kind="failed", options=options)
    for _ in range(2):  # a double click
        answer = as_alice.post(at("clip_retry", old), {"client_token": "page-token"}, headers=HTMX)
    new = Job.objects.exclude(pk=old.pk).get()
    assert (new.parent, new.relation, new.options, new.prompt) == (old, "retry", options, old.prompt)
    html = answer.content.decode()
    assert f'id="job-{new.public_id.hex}"' in html and "every 3s" in html
    assert "page-token" not in html, "the next press is another one"


def test_without_javascript_a_retry_leads_to_the_new_one(as_alice, team, alice):
    old = a_job(team, alice, state=State.FAILED)
    answer = as_alice.post(at("clip_retry", old))
    assert answer.url == at("clip", Job.objects.exclude(pk=old.pk).get())


def test_a_retry_that_cannot_be_says_why(as_alice, team, alice):
    job = a_job(team, alice, state=State.FAILED)
    job.key.state = "paused"
    job.key.save()
    answer = as_alice.post(at("clip_retry", job), headers=HTMX)
    assert answer.status_code == 422 and "is paused" in answer.content.decode()
    assert Job.objects.count() == 1


def test_cancel_before_it_is_sent_touches_no_other(as_alice, team, alice):
    """Behaviour 18."""
    one, other = (a_job(team, alice, state=State.QUEUED) for _ in range(2))
    html = as_alice.post(at("clip_stop", one), headers=HTMX).content.decode()
    assert 'data-state="canceled"' in html and "Nothing was charged." in html
    assert [Job.objects.get(pk=job.pk).state for job in (one, other)] == ["canceled", "queued"]


def test_stop_watching_says_that_it_may_still_be_charged(as_alice, team, alice):
    job = a_job(team, alice, state=State.RUNNING)
    assert "may still be charged" in as_alice.get(at("clip", job)).content.decode()
    as_alice.post(at("clip_stop", job))
    job.refresh_from_db()
    assert job.state == "running" and job.stopped_at


def test_a_lost_answer_is_a_persons_to_decide(as_alice, lost_answer):
    html = as_alice.get(at("clip", lost_answer)).content.decode()
    assert 'id="decide"' in html and "it may be charged twice" in html and 'name="task_id"' in html
    assert as_alice.post(at("clip_decision", lost_answer), {"choice": "whatever"}).status_code == 422
    as_alice.post(at("clip_decision", lost_answer), {"choice": "give_up"})
    lost_answer.refresh_from_db()
    assert (lost_answer.state, lost_answer.money) == ("failed", "written_off")


def test_without_script_a_page_does_not_renew_itself_under_a_task_id(as_alice, team, alice, lost_answer):
    running = a_job(team, alice, state=State.RUNNING)
    assert 'http-equiv="refresh"' in as_alice.get(at("clip", running)).content.decode()
    assert 'http-equiv="refresh"' not in as_alice.get(at("clip", lost_answer)).content.decode()


def test_try_again_sends_it_once_more(as_alice, lost_answer):
    as_alice.post(at("clip_decision", lost_answer), {"choice": "try_again"})
    lost_answer.refresh_from_db()
    assert lost_answer.state == "queued"


def test_what_was_settled_meanwhile_cannot_be_decided(as_alice, film):
    answer = as_alice.post(at("clip_decision", film), {"choice": "give_up"}, headers=HTMX)
    assert answer.status_code == 422 and "settled in the meantime" in answer.content.decode()


def test_a_task_id_that_makes_no_sense_is_refused_before_anybody_is_asked(as_alice, lost_answer):
    answer = as_alice.post(at("clip_adopt", lost_answer), {"task_id": " "}, headers=HTMX)
    assert answer.status_code == 422 and "does not look like a task id" in answer.content.decode()


def test_look_again_wakes_the_job(as_alice, team, alice):
    job = a_job(team, alice, state=State.EXPIRED, vendor_task_id="t-1")
    assert as_alice.post(at("clip_look", job), headers=HTMX).status_code == 200
    job.refresh_from_db()
    assert job.next_at is not None


def test_the_trash_and_back(as_alice, film):
    as_alice.post(at("clip_trash", film))
    assert "Restore it" in as_alice.get(at("clip", film)).content.decode()
    assert 'id="job-' not in as_alice.get("/t/northlight/").content.decode()
    as_alice.post(at("clip_restore", film))
    assert film.public_id.hex in as_alice.get("/t/northlight/").content.decode()


@pytest.mark.parametrize("days", [1, 30, 400])
def test_in_the_trash_it_says_until_when_by_the_setting(as_alice, film, team, alice, settings, days):
    settings.TRASH_DAYS = days
    Job.objects.filter(pk=film.pk).update(trashed_at=datetime(2026, 11, 2, 12, tzinfo=UTC))
    last = {1: "Nov. 3, 2026", 30: "Dec. 2, 2026", 400: "Dec. 7, 2027"}[days]
    assert f"and is deleted for good on {last}." in as_alice.get(at("clip", film)).content.decode()
    assert f"deleted for good on {last}" in as_alice.get("/t/northlight/trash/").content.decode()


def test_in_the_trash_what_is_not_settled_stays(as_alice, team, alice):
    job = a_job(team, alice, state=State.RUNNING, trashed_at=datetime(2026, 11, 2, 12, tzinfo=UTC))
    html = as_alice.get(at("clip", job)).content.decode()
    assert "it stays until it is" in html and "deleted for good" not in html


@pytest.mark.parametrize("name", ["clip_retry", "clip_stop", "clip_trash"])
def test_a_viewer_changes_nothing(team, bob, film, name):
    team.memberships.filter(user=bob).update(role="viewer")
    assert signed_in(bob).post(at(name, film)).status_code == 403
    page = signed_in(bob).get(at("clip", film)).content.decode()
    assert at(name, film) not in page and "Download" in page


def test_a_viewer_reads_no_amount_in_the_history_either(team, alice, bob, film):
    record(film, "job.made", By(worker="sweep"), data={"odd": "9e99 credits"})
    team.memberships.filter(user=bob).update(role="viewer")
    told = "cannot be right (9e99 credits)"
    assert told in signed_in(alice).get(at("clip", film)).content.decode()
    assert told not in signed_in(bob).get(at("clip", film)).content.decode()
