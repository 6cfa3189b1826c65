"""A status word that no document lists: shown, bounded, told apart, and never an end by itself."""

import time

import pytest
from django.conf import settings

from tests.jobs import faulty_vendor as says
from tests.jobs.engine import age, attempts, drive, due, fresh, look, looked, press, sent, until_made
from videos import cards, words
from videos.jobs.sending import gate
from videos.models import Job
from videos.models.clock import now
from videos.states import Money
from videos.usage.support_report import support_report
from videos.vendors import registry

pytestmark = pytest.mark.django_db
CHECKED = ["NSFW", "content_blocked", "in_moderation", "policy-violation", "SENSITIVE", "auto-rejected"]
OTHERS = ["contemplating", "Upscaling", "on_hold"]
LONG = 700


def card(job, amounts=True):
    return words.card_text(fresh(job), now(), amounts=amounts)


def stays(member, vendor, word, **data):
    """A job whose vendor has said ``word`` for longer than anybody believes."""
    vendor.looks = [says.working(word, **data)]
    job = looked(sent(member, vendor))
    return looked(age(job, LONG / settings.TIME_SCALE))


@pytest.mark.parametrize("word", CHECKED + OTHERS)
def test_the_word_is_shown_in_the_vendors_spelling(member, key, vendor, word):
    vendor.looks = [says.working(word)]
    job = looked(sent(member, vendor))
    assert (job.state, job.word, job.money) == ("running", word, "held")
    assert word in card(job).text
    assert ("content check" in card(job).text) == (word in CHECKED)
    assert f"Status word: {word}" in support_report(job)


def test_it_is_shown_also_where_the_job_takes_longer_than_usual(member, key, vendor):
    vendor.looks = [says.working("NSFW")]
    job = looked(sent(member, vendor))
    Job.objects.filter(pk=job.pk).update(usual_low=0.001, usual_high=0.001)
    assert "NSFW" in card(job).text


@pytest.mark.parametrize("word", [CHECKED[0], OTHERS[0]])
def test_unchanged_for_long_it_says_so_and_what_is_known_of_the_money(member, key, vendor, word):
    job = stays(member, vendor, word)
    said = card(job)
    assert (job.state, attempts(job)) == ("running", [("charged", "accepted")])
    assert ("content check" in said.title) == (word in CHECKED)
    assert f"“{word}”" in said.text and "we keep asking" in said.text
    assert "Whether it was charged, seedanceapi.org has not said." in said.text
    assert "refund" not in said.text.lower() and "nothing was charged" not in said.text.lower()


def test_what_the_vendor_named_when_it_took_it_is_said(member, key, vendor):
    job = stays(member, vendor, "NSFW")
    Job.objects.filter(pk=job.pk).update(charge=30, unit="credits")
    assert (
        "seedanceapi.org named 30 credits for it; whether that is given back, it has not said."
        in card(job).text
    )
    assert "30" not in card(job, amounts=False).text


def test_its_place_in_the_account_is_given_back(member, key, vendor):
    most = registry.vendor("seedanceapi-org").running
    vendor.looks = [says.working("NSFW")]
    for n in range(most):
        vendor.submits = [says.accepted(f"task-{n}")]
        looked(sent(member, vendor, prompt=f"Film {n}"))
    vendor.submits = [says.accepted("task-last")]
    waits = drive(press(member, "One more"))
    assert (waits.state, waits.waiting_for) == ("queued", "slot")
    for job in Job.objects.filter(state="running"):
        age(job, LONG / settings.TIME_SCALE)
    assert not gate.occupancy(waits).account
    assert drive(waits).state == "running"


def test_another_word_or_progress_counts_anew(member, key, vendor):
    job = stays(member, vendor, "contemplating")
    assert job.kind == "word_odd_stays"
    vendor.looks = [says.working("contemplating", progress=40)]
    job = looked(job)
    assert (job.kind, job.percent) == ("word_odd", 40)
    job = looked(age(job, LONG / settings.TIME_SCALE))
    assert job.kind == "word_odd_stays"
    vendor.looks = [says.working("polishing")]
    assert looked(job).kind == "word_odd"
    vendor.looks = [says.working("IN_PROGRESS")]
    job = looked(job)
    assert (job.kind, job.word, job.word_since) == ("", "", None)


def test_looks_without_an_answer_do_not_hide_it_for_good(member, key, vendor):
    job = stays(member, vendor, "NSFW")
    vendor.looks = [says.says(b"", 502)]
    for _look in range(3):
        job = looked(job)
    assert "does not answer" in card(job).text and job.kind == "word_check_stays"
    vendor.looks = [says.working("NSFW")]
    assert "NSFW" in card(looked(job)).text


def test_a_look_that_says_the_same_does_not_draw_the_card_anew(member, key, vendor):
    job = stays(member, vendor, "NSFW")
    before = job.version
    assert (looked(job).version, look(due(job))) == (before, 1)


@pytest.mark.parametrize("word", ["NSFW", "contemplating"])
def test_f30_a_late_success_counts(member, key, vendor, word):
    job = stays(member, vendor, word)
    vendor.looks = [says.made(f"{vendor.url}/a.mp4")]
    job = looked(job)
    assert (job.state, job.word, job.word_since, job.money) == ("downloading", "", None, Money.CHARGED)


def test_f30_past_our_deadline_too_and_the_card_still_says_why(member, key, vendor):
    job = stays(member, vendor, "NSFW")
    job = looked(age(job, settings.DURATIONS["video_deadline"] + 60))
    assert (job.state, job.word) == ("expired", "NSFW")
    assert "content check" in card(job).title and "NSFW" in card(job).text
    vendor.looks = [says.made(f"{vendor.url}/a.mp4")]
    assert looked(job).state == "downloading"


def test_one_that_the_vendor_forgets_is_not_called_paid(member, key, vendor):
    job = stays(member, vendor, "NSFW")
    vendor.looks = [says.unknown_task()]
    job = looked(age(looked(job), settings.DURATIONS["not_found_grace"] + 60))
    assert (job.state, job.kind, job.money) == ("lost", "lost_check", Money.POSSIBLY)
    said = card(job)
    assert "content check" in said.title and said.money.startswith("It may have been charged")
    vendor.looks = [says.made(f"{vendor.url}/a.mp4")]
    assert looked(job).state == "downloading"


def test_the_card_shows_it(member, key, vendor):
    job = stays(member, vendor, "<NSFW>")
    html = cards.card(cards.with_cards(Job.objects.filter(pk=job.pk)).get(), member)
    assert "Stopped by its content check?" in html and "“&lt;NSFW&gt;”" in html


def test_the_sandbox_says_nsfw_and_brings_the_film_after_all(member, key, sandbox):
    job = looked(drive(press(member, "A red boat [nsfw:300]")))
    for _look in range(200):
        if job.word:
            break
        time.sleep(0.02)
        job = looked(job)
    assert (job.state, job.word) == ("running", "NSFW") and "content check" in card(job).text
    assert until_made(job).state == "downloading"
