"""Pressing the button, and pressing it again: one form is one job, and who may spend with which key."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.builders import MODEL, a_key, a_project
from tests.jobs.engine import (
    SAFE_MODEL,
    a_picture,
    drive,
    fresh,
    press,
    story,
)
from tests.pages.pictures import a_film_upload
from videos.jobs import verbs
from videos.jobs.freeze import thaw
from videos.jobs.ordering import checking
from videos.jobs.ordering.checking import GenerationRequest, Refusal
from videos.models import Event, Job, KeyState
from videos.vendors import registry

pytestmark = pytest.mark.django_db


@pytest.mark.both_databases
def test_f1_a_double_click_is_one_job_and_one_request(member, colleague, key, vendor):
    order = GenerationRequest(MODEL, "A lighthouse", client_token="one-form")
    first, second = verbs.start(member, order), verbs.start(member, order)
    from_another_tab = verbs.start(colleague, order)
    assert first.pk == second.pk == from_another_tab.pk
    for _nudge in range(3):
        drive(first)
    assert len(vendor.sent) == 1
    assert story(first)[:2] == ["created", "claim"]


@pytest.mark.both_databases
def test_f1_two_presses_at_the_same_moment_are_one_job(member, key):
    """The second was checked before the first was written: the database tells them apart."""
    from videos.jobs.ordering import press as pressing

    order = GenerationRequest(MODEL, "A lighthouse", client_token="one-form")
    checked = [checking.check(member, order)]
    [first] = pressing._create(member, checked, "one-form", "")
    with pytest.raises(pressing.IntegrityError):
        pressing._create(member, checked, "one-form", "")
    assert verbs.start(member, order).pk == first.pk
    assert Job.objects.count() == 1


def test_two_forms_are_two_jobs(member, key):
    assert press(member, client_token="a").pk != press(member, client_token="b").pk


@pytest.mark.parametrize(
    ("order", "field", "code"),
    [
        (GenerationRequest("nobody/nothing", "A cat"), "model", "unknown_model"),
        (GenerationRequest(MODEL, "   "), "prompt", ""),
        (GenerationRequest(MODEL, "A cat", {"seconds": 99}), "seconds", ""),
        (GenerationRequest(SAFE_MODEL, "A cat"), "key", "no_key"),
    ],
)
def test_a_refusal_writes_no_job_and_notes_the_press(member, key, order, field, code):
    with pytest.raises(Refusal) as refusal:
        verbs.start(member, order)
    assert field in [problem.field for problem in refusal.value.problems]
    assert code in [problem.code for problem in refusal.value.problems] or not code
    assert not Job.objects.exists()
    noted = Event.objects.get(verb="press.refused")
    assert (noted.actor, noted.team) == (member.user, member.team)
    assert any(line.startswith(f"{field}:") for line in noted.data["problems"])
    assert "A cat" not in json.dumps(noted.data), "the book keeps no prompts"


@pytest.mark.parametrize(
    ("columns", "code"),
    [({"state": KeyState.PAUSED}, "key_paused"), ({"state": KeyState.BROKEN}, "key_broken"), ({"trashed_at": datetime(2026, 1, 1, tzinfo=UTC)}, "key_gone")],
)  # fmt: skip
def test_a_key_that_may_not_spend_is_refused_before_the_press(member, key, columns, code):
    type(key).objects.update(**columns)
    key.refresh_from_db()
    assert [p.code for p in verbs.review(member, GenerationRequest(MODEL, "A cat", key=key)).problems] == [
        code
    ]


def test_a_key_of_another_vendor_is_refused(member, key, safe_key):
    found = verbs.review(member, GenerationRequest(MODEL, "A cat", key=safe_key)).problems
    assert [problem.code for problem in found] == ["other_vendor"]


def test_nobody_spends_with_a_colleagues_own_key_or_another_teams(member, colleague, team, charlie):
    his = a_key(team, secret="rehearsal-bobs-own", person=colleague.user)
    theirs = a_key(charlie.memberships.get().team, secret="rehearsal-elsewhere")
    job = press(colleague, key=his)
    with pytest.raises(Refusal) as refusal:
        verbs.retry(member, job)
    assert [problem.code for problem in refusal.value.problems] == ["no_key"]
    assert verbs.retry(colleague, job).key == his
    assert [p.code for p in verbs.review(member, GenerationRequest(MODEL, "A cat", key=theirs)).problems] == [
        "no_key"
    ]


def test_a_key_paused_while_the_form_was_sent_is_refused(member, key):
    from videos.jobs.ordering import press as pressing

    checked = checking.check(member, GenerationRequest(MODEL, "A cat"))
    type(key).objects.update(state=KeyState.PAUSED)
    with pytest.raises(Refusal):
        pressing._create(member, [checked], "token", "")
    assert not Job.objects.exists()


def test_an_own_key_comes_first(member, team, key):
    assert press(member).key == key
    own = a_key(team, secret="rehearsal-of-my-own", person=member.user)
    assert press(member).key == own


def test_with_real_and_rehearsal_keys_nobody_spends_by_leaving_it_open(member, team, key):
    real = a_key(team, secret="sk-really-real-key", rehearsal=False)
    with pytest.raises(verbs.Refusal) as refused:
        press(member)
    assert [(p.field, p.code) for p in refused.value.problems] == [("key", "choose_key")]
    assert press(member, key=real).key == real
    assert press(member, key=key).key == key


def test_flags_in_the_prompt_become_options_in_plain_view(member, team):
    a_key(team, vendor="acedata", secret="rehearsal-ace")
    model = "acedata/doubao-seedance-1-0-pro-250528"
    job = press(member, "A cat --ratio 9:16 --dur 5", model=model)
    assert job.prompt.text == "A cat"
    assert (job.options["aspect_ratio"], job.options["seconds"]) == ("9:16", 5)


def test_a_retry_is_a_new_job_with_identical_inputs(member, key, vendor, team):
    project = a_project(team)
    first = press(member, "A cat", options={"seconds": 8, "audio": False}, project=project)
    drive(first)
    second = verbs.retry(member, fresh(first), "again")
    assert (second.parent, second.relation, second.project) == (first, "retry", project)
    assert (second.prompt, second.options, second.key) == (first.prompt, first.options, first.key)
    assert second.idem_key != first.idem_key
    assert verbs.retry(member, fresh(first), "again").pk == second.pk
    one, two = (json.loads(thaw(job).body) for job in (first, second))
    assert one.pop("callback_url") != two.pop("callback_url")
    assert one == two


def test_a_retry_brings_its_pictures_under_new_addresses(member, key, team):
    upload = a_picture(member)
    first = press(member, "A cat", pictures=(("start", upload),))
    second = verbs.retry(member, first)
    links = [list(job.pictures.values_list("upload", "role")) for job in (first, second)]
    assert links[0] == links[1] == [(upload.pk, "start")]
    assert first.pictures.get().link_hash != second.pictures.get().link_hash


MEDIA = "seedance2ai/seedance"


def told(job: Job) -> dict:
    return json.loads(thaw(job).body)


def test_a_film_is_told_by_its_address_under_its_own_ending(member, team):
    a_key(team, vendor="seedance2ai", secret="rehearsal-media")
    film, still = a_film_upload(team, member.user), a_picture(member)
    job = press(member, "A cat", model=MEDIA, pictures=(("reference", film), ("reference", still)))
    first, second = told(job)["media_urls"]
    assert first.endswith(".mp4") and second.endswith(".png") and told(job)["mode"] == "media-to-video"


@pytest.mark.parametrize(
    ("model", "role", "code"),
    [(MODEL, "start", "media_not_allowed"), (MEDIA, "start", "media_not_allowed"), ("seedance2ai/nano-banana-pro", "reference", "media_not_allowed")],
)  # fmt: skip
def test_a_film_where_only_pictures_are_taken_is_refused(member, team, key, model, role, code):
    a_key(team, vendor="seedance2ai", secret="rehearsal-media")
    film = a_film_upload(team, member.user)
    with pytest.raises(Refusal) as refused:
        press(member, "A cat", model=model, pictures=((role, film),))
    assert code in [problem.code for problem in refused.value.problems]
    assert not Job.objects.exists()


def test_films_run_no_longer_together_than_the_model_takes(member, team):
    a_key(team, vendor="seedance2ai", secret="rehearsal-media")
    film = a_film_upload(team, member.user, seconds=5.02)
    three = tuple(("reference", film) for _n in range(3))
    assert verbs.review(member, GenerationRequest(MEDIA, "A cat", pictures=three)).problems == ()
    four = verbs.review(member, GenerationRequest(MEDIA, "A cat", pictures=(*three, three[0]))).problems
    assert [(p.code, p.values["maximum"]) for p in four] == [("films_too_long", 15)]


def test_a_film_never_travels_inside_the_request(member, team, settings):
    """Where no address of ours serves and a model takes pictures inside: not a film."""
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    key = a_key(team, vendor="acedata", secret="sk-real-ace", rehearsal=False)
    model = replace(registry.model(MEDIA), vendor="acedata", data_pictures=9_000_000)
    film = GenerationRequest(MEDIA, "A cat", pictures=(("reference", a_film_upload(team, member.user)),))
    assert [p.code for p in checking._picture_problems(model, key, film)] == ["film_inside"]
    still = GenerationRequest(MEDIA, "A cat", pictures=(("reference", a_picture(member)),))
    assert checking._picture_problems(model, key, still) == []
