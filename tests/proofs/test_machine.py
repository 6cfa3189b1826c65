"""Two workers, people, a vendor and time in any order a random hand finds: no promise breaks. And
an engine that is broken on purpose is found out, or the machine would prove nothing."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.jobs.engine import MODEL, SAFE_MODEL
from tests.proofs.machine import World, studio_of
from tests.proofs.workers import Time, stopping_at_the_socket
from videos.jobs.fetching import storing
from videos.jobs.running import drive
from videos.jobs.sending import submit
from videos.media.probe import probe
from videos.states import State
from videos.vendors.contract import Kind

pytestmark = pytest.mark.django_db
ANY = {"deadline": None, "suppress_health_check": list(HealthCheck), "print_blob": True}
QUICK = settings(max_examples=20, stateful_step_count=30, derandomize=True, **ANY)
LONG = settings(max_examples=1500, stateful_step_count=60, **ANY)
HUNT = settings(max_examples=200, stateful_step_count=30, derandomize=True, phases=[Phase.generate], database=None, **ANY)  # fmt: skip
LONGER = [pytest.mark.long, pytest.mark.timeout(1800)]
MODELS = pytest.mark.parametrize("model", [MODEL, SAFE_MODEL], ids=["callbacks", "keys"])


@pytest.fixture
def studio(member, keys, bank, some_film, tmp_path, monkeypatch, settings):
    """Of one vendor at a time; what probing the film says is known beforehand."""
    (tmp_path / "film").write_bytes(some_film)
    facts = probe(tmp_path / "film", "video")
    monkeypatch.setattr(storing, "probe", lambda *_file, **_more: facts)
    monkeypatch.setattr(submit, "WRITE_AGAIN_AFTER", 0)
    settings.DURATIONS = settings.DURATIONS | {"look_deadline": 0.5}
    time = Time(monkeypatch)
    stopping_at_the_socket(monkeypatch, time)

    def of(model):
        return studio_of(World(member, keys[model.partition("/")[0]], model, bank, time))

    return of


@MODELS
def test_no_order_of_events_breaks_a_promise(studio, model):
    run_state_machine_as_test(studio(model), settings=QUICK)


@pytest.mark.long
@pytest.mark.timeout(3600)
@MODELS
def test_no_order_of_events_breaks_a_promise_however_long_one_tries(studio, model):
    run_state_machine_as_test(studio(model), settings=LONG)


# --- and it can fail -----------------------------------------------------------------------


def resends_after_a_lost_answer(monkeypatch):
    """What everybody writes first: no answer, so once more."""
    monkeypatch.setattr(
        submit, "_unclear", lambda job, by, why, outcome: submit._not_sent(job, by, outcome.kind, str(why))
    )


def resends_after_a_dead_worker(monkeypatch):
    def recover(job, by):
        submit._not_sent(job, by, Kind.TRANSIENT, "worker_gone")

    monkeypatch.setitem(drive.STEPS, State.SUBMITTING, recover)


@pytest.mark.long
@pytest.mark.parametrize(
    "broken",
    [resends_after_a_lost_answer, pytest.param(resends_after_a_dead_worker, marks=LONGER)],
    ids=lambda broken: broken.__name__,
)
def test_an_engine_that_is_broken_on_purpose_is_found_out(studio, monkeypatch, broken):
    broken(monkeypatch)
    with pytest.raises(AssertionError, match="paid"):
        run_state_machine_as_test(studio(MODEL), settings=HUNT)
