"""The page that brings in what was made elsewhere."""

import re

import pytest
from django.core.management import call_command
from django.urls import reverse

from tests.builders import MODEL, a_job, a_key
from tests.jobs import faulty_vendor as says
from tests.pages import door
from videos.models import Job, VendorKey

pytestmark = pytest.mark.django_db
PAGE = "/t/northlight/bring-in/"


@pytest.fixture
def vendor(settings):
    with says.open_for_business() as vendor:
        settings.SANDBOX_URL = vendor.url
        yield vendor


@pytest.fixture
def typed(team) -> dict[str, str]:
    key = a_key(team, secret="rehearsal-plain")
    return {"key": str(key.pk), "model": MODEL, "task_id": "task-1", "prompt": "A harbour <at> dusk"}


def test_the_door(team, charlie):
    door.check("bring_in", ["northlight"], stranger=charlie, post=False)


def test_it_becomes_a_clip_whose_story_says_by_whom(as_bob, typed, vendor):
    answer = as_bob.post(PAGE, typed)
    job = Job.objects.get()
    assert (answer.status_code, answer.url) == (302, reverse("clip", args=["northlight", job.public_id]))
    page = as_bob.get(answer.url).content.decode()
    assert "Made elsewhere, and brought in by its task id · Bob" in page
    assert "A harbour &lt;at&gt; dusk" in page and "Make another like it" not in page
    assert vendor.sent == []


def test_again_it_leads_to_the_one_that_is_here(as_bob, as_alice, typed, vendor):
    as_bob.post(PAGE, typed)
    answer = as_alice.post(PAGE, typed, follow=True)
    assert answer.redirect_chain[0][0].endswith(f"{Job.objects.get().public_id}/")
    assert "This task is here already" in answer.content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"task_id": ""}, "This field is required."),
        ({"task_id": "a b"}, "does not look like a task id"),
        ({"key": "0"}, "Select a valid choice"),
        ({"model": "defapi/seedance-2.0"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(as_bob, typed, vendor, wrong, words):
    answer = as_bob.post(PAGE, typed | wrong)
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page and "A harbour &lt;at&gt; dusk" in page
    assert not Job.objects.exists() and vendor.looked == []


def test_a_model_of_another_vendor_than_the_key(as_bob, typed, team, vendor):
    a_key(team, vendor="defapi", secret="rehearsal-other")
    answer = as_bob.post(PAGE, typed | {"model": "defapi/seedance-2.0"})
    assert answer.status_code == 422 and "choose a model of theirs" in answer.content.decode()


def test_what_the_vendor_does_not_know_is_said_beside_the_id(as_bob, typed, vendor):
    vendor.looks = [says.unknown_task()]
    answer = as_bob.post(PAGE, typed)
    assert answer.status_code == 422 and "does not know a task with this id" in answer.content.decode()
    assert 'value="task-1"' in answer.content.decode()


def test_what_may_be_a_lost_answer_leads_there_or_is_none_of_these(as_bob, typed, team, bob, vendor):
    key = VendorKey.objects.get()
    lost = a_job(team, bob, state="unknown", key=key)
    answer = as_bob.post(PAGE, typed)
    page = answer.content.decode()
    assert answer.status_code == 422 and "Is it one of these" in page and vendor.looked == []
    assert reverse("clip", args=["northlight", lost.public_id]) in page and 'value="task-1"' in page
    none_of = re.search(r'name="none_of" value="([^"]+)"', page)[1]
    answer = as_bob.post(PAGE, typed | {"none_of": none_of})
    assert (answer.status_code, Job.objects.count(), len(vendor.looked)) == (302, 2, 1)


def test_the_command_names_what_may_be_a_lost_answer(team, alice, typed, vendor, capsys):
    key = VendorKey.objects.get()
    lost = a_job(team, alice, state="unknown", key=key)
    with pytest.raises(SystemExit) as ended:
        call_command("bringin", "task-1", team="Northlight", model=MODEL, rehearsal=True)
    assert ended.value.code == 2 and str(lost.public_id) in capsys.readouterr().err
    where = {"team": "Northlight", "model": MODEL, "rehearsal": True}
    call_command("bringin", "task-1", none_of=[str(lost.public_id)], **where)
    assert Job.objects.count() == 2


def test_without_a_key_it_leads_to_the_keys(as_bob, team):
    page = as_bob.get(PAGE).content.decode()
    assert "There is no key that you may use." in page and "<textarea" not in page


def test_who_makes_finds_it_among_the_keys(as_bob, team):
    assert PAGE in as_bob.get("/t/northlight/keys/").content.decode()


def test_the_command(team, alice, typed, vendor, capsys):
    call_command("bringin", "task-1", team="Northlight", model=MODEL, rehearsal=True)
    job = Job.objects.get()
    assert capsys.readouterr().out == f"{job.public_id} running\n" and vendor.sent == []
    call_command("bringin", "task-1", team="Northlight", model=MODEL, rehearsal=True)
    assert capsys.readouterr().out == f"{job.public_id} running (it was here already)\n"
    vendor.looks = [says.unknown_task()]
    with pytest.raises(SystemExit) as ended:
        call_command("bringin", "task-2", team="Northlight", model=MODEL, rehearsal=True)
    assert ended.value.code == 2 and "does not know a task" in capsys.readouterr().err
