"""A vendor is asked with keys that are one's own to use, and its answer counts for who may still act."""

import pytest
from django.http import Http404

from tests.builders import MODEL, a_job, a_key
from tests.jobs.engine import fresh, sent, unknown
from videos import access
from videos.jobs import verbs
from videos.jobs.verbs import CannotBe
from videos.jobs.watching import inquiry
from videos.keys import trial
from videos.models import Event, Job, Membership, VendorKey
from videos.states import State
from videos.vendors import registry

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def hers(member, team) -> VendorKey:
    return a_key(team, secret="rehearsal-mine", person=member.user)


def test_a_pasted_task_id_is_not_asked_about_with_a_colleagues_key(member, colleague, hers, vendor):
    job = unknown(member, vendor)
    with pytest.raises(CannotBe, match="key_of_a_colleague"):
        verbs.adopt(colleague, fresh(job), "task-1")
    assert (fresh(job).state, vendor.looked, Event.objects.filter(verb="task.asked").count()) == (
        "unknown",
        [],
        0,
    )
    verbs.adopt(member, fresh(job), "task-1")
    assert fresh(job).state == "running"


def test_a_colleagues_key_does_not_look_again_for_anybody_else(member, colleague, hers, vendor):
    job = sent(member, vendor)
    due = fresh(job).next_at
    with pytest.raises(CannotBe, match="key_of_a_colleague"):
        verbs.look_again(colleague, fresh(job))
    assert fresh(job).next_at == due
    assert not verbs.can_look_again(colleague, fresh(job)) and verbs.can_look_again(member, fresh(job))


def test_a_colleagues_key_fetches_no_fresh_link_for_anybody_else(member, colleague, hers):
    job = a_job(member.team, member.user, key=hers, state=State.DOWNLOAD_FAILED)
    with pytest.raises(CannotBe, match="key_of_a_colleague"):
        verbs.fetch_again(colleague, fresh(job))
    assert fresh(job).state == "download_failed"


def test_a_key_that_was_erased_keeps_nobody_from_fetching_what_the_team_paid(member, colleague, hers):
    """It cannot be asked with; the link that is known is tried."""
    job = a_job(member.team, member.user, key=hers, state=State.DOWNLOAD_FAILED)
    VendorKey.objects.filter(pk=hers.pk).update(sealed=b"")
    verbs.fetch_again(colleague, fresh(job))
    assert fresh(job).state == "downloading"


@pytest.mark.parametrize("verb", ["retry", "start", "bring_in"])
def test_a_colleagues_key_makes_and_brings_in_nothing_for_anybody_else(member, colleague, hers, vendor, verb):
    job = a_job(member.team, member.user, key=hers)
    calls = {
        "retry": lambda: verbs.retry(colleague, job),
        "start": lambda: verbs.start(
            colleague, verbs.GenerationRequest(model=MODEL, prompt="A harbour", key=hers)
        ),
        "bring_in": lambda: verbs.import_result(colleague, hers, registry.MODELS[MODEL], "task-1"),
    }
    with pytest.raises(verbs.Refusal, match="no_key"):
        calls[verb]()
    assert (Job.objects.count(), vendor.looked) == (1, [])


def test_a_colleagues_key_is_not_tried_out(member, colleague, hers, vendor):
    with pytest.raises(Http404):
        trial.test(colleague, hers)
    assert vendor.looked == []


# --- the vendor takes its time, and meanwhile somebody is removed or demoted ------------


@pytest.fixture
def meanwhile(monkeypatch, colleague):
    """What happens to the colleague's membership while a vendor answers."""

    def strike(room, **columns):
        ask = room.ask

        def slow(*args):
            answer = ask(*args)
            rows = Membership.objects.filter(pk=colleague.pk)
            rows.update(**columns) if columns else rows.delete()
            return answer

        monkeypatch.setattr(room, "ask", slow)

    return strike


def test_who_is_demoted_while_the_vendor_answers_adopts_nothing(member, colleague, key, vendor, meanwhile):
    job = unknown(member, vendor)
    meanwhile(inquiry, role="viewer")
    with pytest.raises(access.Forbidden):
        verbs.adopt(colleague, fresh(job), "task-1")
    assert (fresh(job).state, fresh(job).vendor_task_id) == ("unknown", None)


def test_who_is_removed_while_the_vendor_answers_brings_in_nothing(colleague, key, vendor, meanwhile):
    meanwhile(inquiry)
    with pytest.raises(Http404):
        verbs.import_result(colleague, key, registry.MODELS[MODEL], "task-1")
    assert not Job.objects.exists()


def test_who_is_removed_while_the_vendor_answers_says_nothing_of_a_key(colleague, vendor, meanwhile):
    own = a_key(colleague.team, secret="rehearsal-own", person=colleague.user, state="broken")
    meanwhile(trial)
    with pytest.raises(Http404):
        trial.test(colleague, own)
    own.refresh_from_db()
    assert (own.state, Event.objects.filter(verb="key.tested").count()) == ("broken", 0)


def test_a_key_that_was_paused_while_the_vendor_answered_brings_in_nothing(member, key, vendor, monkeypatch):
    ask = inquiry.ask

    def slow(*args):
        answer = ask(*args)
        VendorKey.objects.update(state="paused")
        return answer

    monkeypatch.setattr(inquiry, "ask", slow)
    with pytest.raises(verbs.Refusal, match="key_paused"):
        verbs.import_result(member, key, registry.MODELS[MODEL], "task-1")
    assert not Job.objects.exists()
