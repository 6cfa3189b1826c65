"""The supervisor: never two on one data folder, and a cluster that fell silent is noticed."""

import fcntl
import signal
import subprocess
import time
from functools import partial
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django_q.models import OrmQ

from tests.builders import a_job
from videos import heartbeat
from videos.jobs import queue
from videos.jobs.running import tasks, worker
from videos.models import Heartbeat, heartbeats
from videos.models.clock import later
from videos.processes import hold
from videos.states import State

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("name", [queue.MAIN, queue.MEDIA])


def sung(cluster):
    """The songs that wait are sung, as a worker of that cluster would."""
    for nudge in OrmQ.objects.filter(key=cluster):
        task = nudge.task
        getattr(tasks, task["func"].rpartition(".")[2])(*task["args"])
        nudge.delete()


@pytest.fixture
def patient(settings):
    """A cluster that was started longer ago than anybody is patient."""
    settings.DURATIONS = settings.DURATIONS | {"canary_patience": 5}
    return lambda name: worker.Cluster(name, started=time.monotonic() - 60)


def test_a_second_supervisor_is_refused(tmp_path):
    first = worker.Supervisor(tmp_path)
    with pytest.raises(worker.AlreadyRunning):
        worker.Supervisor(tmp_path)
    fcntl.flock(first._lock, fcntl.LOCK_UN)
    assert worker.Supervisor(tmp_path).clusters[0].name == queue.MAIN


def test_the_command_says_so_in_a_sentence(settings, tmp_path):
    settings.DATA = tmp_path
    first = worker.Supervisor(tmp_path)
    with pytest.raises(CommandError, match="already runs"):
        call_command("studio_worker", skip_checks=True)
    assert not first._lock.closed


@BOTH
def test_a_cluster_that_sings_is_left_alone(patient, name):
    cluster = patient(name)
    cluster.nudge_canary()
    sung(name)
    assert not cluster.silent()
    assert Heartbeat.objects.filter(name=f"canary-{name}").exists()


@BOTH
def test_f15_a_cluster_that_stopped_singing_is_noticed(patient, name):
    cluster = patient(name)
    assert cluster.silent(), "it never sang"
    heartbeat.beat(f"canary-{name}")
    assert not cluster.silent()
    Heartbeat.objects.update(at=later(-6))
    assert cluster.silent()


@BOTH
def test_f15_its_patience_is_the_one_that_is_set(name, settings):
    patience = settings.DURATIONS["canary_patience"]
    cluster = worker.Cluster(name, started=time.monotonic() - patience - 1)
    heartbeat.beat(f"canary-{name}")
    assert not cluster.silent()
    Heartbeat.objects.update(at=later(-patience - 0.1))
    assert cluster.silent()


@BOTH
def test_work_is_a_song_too_but_not_each_piece_of_it(patient, name, settings):
    """Behind a long queue the canary comes late, while one task after the other runs."""
    heartbeat._canary_beats.clear()
    settings.DURATIONS = settings.DURATIONS | {"canary": 60}
    work = tasks.drive if name == queue.MAIN else tasks.collect
    work(0)
    assert not patient(name).silent()
    Heartbeat.objects.update(at=later(-6))
    work(0)
    assert patient(name).silent(), "one row for each task would cost more than the task"


def test_a_cluster_that_is_restarted_in_vain_gets_longer_each_time(patient, settings):
    """A machine on which a start takes longer than anybody is patient would else start for ever."""
    cluster = patient(queue.MAIN)
    cluster.started, cluster.in_vain = time.monotonic() - 8, 1
    assert not cluster.silent(), "ten seconds, not five"
    cluster.started = time.monotonic() - 11
    assert cluster.silent()
    heartbeat.beat("canary-studio")
    assert not cluster.silent()
    assert cluster.in_vain == 0


def test_a_cluster_that_was_just_started_has_its_time(settings):
    assert not worker.Cluster(queue.MAIN, started=time.monotonic()).silent()


@pytest.mark.parametrize(
    ("name", "state"), [(queue.MAIN, State.SUBMITTING), (queue.MEDIA, State.DOWNLOADING)]
)
def test_a_cluster_with_work_in_hand_is_not_ended_and_the_other_not_excused(patient, member, name, state):
    job = a_job(member.team, member.user, state=state, lease_owner="w", lease_until=later(30))
    other = {queue.MAIN: queue.MEDIA, queue.MEDIA: queue.MAIN}[name]
    assert not patient(name).silent()
    assert patient(other).silent()
    type(job).objects.update(lease_until=later(-1))
    assert patient(name).silent()


def test_songs_do_not_pile_up_in_front_of_a_dead_cluster(patient, settings):
    cluster = patient(queue.MEDIA)
    for _song in range(50):
        cluster.nudge_canary()
    workers = settings.Q_CLUSTER["ALT_CLUSTERS"][queue.MEDIA]["workers"]
    assert OrmQ.objects.filter(key=queue.MEDIA).count() == 4 * workers == 12


def test_pages_and_health_know_when_nobody_works(settings, monkeypatch):
    monkeypatch.setattr(heartbeats, "STARTED", later(-100))  # it has listened long enough
    settings.DURATIONS = settings.DURATIONS | {"worker_dead_after": 5, "canary_patience": 5}
    heartbeat.beat(heartbeats.TICKER)
    heartbeat.beat(heartbeats.CANARY)
    assert heartbeats.quiet_since() is None
    Heartbeat.objects.filter(name=heartbeats.CANARY).update(at=later(-60))
    assert heartbeats.quiet_since() < later(-50)
    Heartbeat.objects.filter(name=heartbeats.CANARY).update(at=later(0))
    Heartbeat.objects.filter(name=heartbeats.TICKER).update(at=later(-60))
    assert heartbeats.quiet_since() < later(-50)


def test_the_main_clusters_song_is_the_one_that_pages_listen_to():
    assert heartbeats.CANARY == f"canary-{queue.MAIN}"


def test_a_database_that_keeps_us_waiting_does_not_delay_the_stop(tmp_path, monkeypatch):
    """A locked SQLite may take twenty of the thirty seconds that a stop has."""
    order = []

    def locked(_name):
        order.append("the database was asked")
        raise OperationalError("database is locked")

    supervisor = worker.Supervisor(tmp_path)
    for cluster in supervisor.clusters:
        told = partial(order.append, f"{cluster.name} told")
        cluster.kept = SimpleNamespace(tell_to_stop=told, wait=lambda _seconds: 0)
    monkeypatch.setattr(worker.leases, "revoke", locked)
    supervisor.end()
    assert order == ["studio told", "media told", "the database was asked"]


# --- never two clusters --------------------------------------------------------------


@pytest.fixture
def begun(monkeypatch):
    """Which clusters were started, instead of starting them."""
    started = []
    monkeypatch.setattr(
        worker.Cluster, "_begin", lambda cluster, lock: started.append(cluster.name) or "kept"
    )
    return started


def test_f16_a_cluster_begins_only_when_nothing_of_an_earlier_one_lives(tmp_path, begun):
    cluster = worker.Cluster(queue.MAIN, folder=tmp_path)
    left = hold.acquire(tmp_path / "cluster-studio.lock")
    cluster.start()
    assert (begun, cluster.kept) == ([], None)
    left.close()
    cluster.start()
    assert (begun, cluster.kept, cluster.kept_out) == ([queue.MAIN], "kept", None)


def test_f16_what_an_earlier_supervisor_left_is_killed_after_the_time_of_a_stop(tmp_path, begun, settings):
    """Both its keeper and its supervisor were killed: nobody tells it to stop."""
    cluster, path = worker.Cluster(queue.MAIN, folder=tmp_path), tmp_path / "cluster-studio.lock"
    with hold.acquire(path) as lock:
        left = subprocess.Popen(["sleep", "600"], pass_fds=[lock.fileno()])
    cluster.start()
    assert left.poll() is None
    cluster.kept_out -= settings.DURATIONS["stop_patience"]
    cluster.start()
    assert (left.wait(10), begun) == (-signal.SIGKILL, [])
    cluster.start()
    assert begun == [queue.MAIN]


def test_f16_the_supervisor_looks_after_the_cluster_that_could_begin_and_stops_it_alone(
    tmp_path, monkeypatch
):
    supervisor = worker.Supervisor(tmp_path)
    told = []
    main, media = supervisor.clusters
    media.kept = SimpleNamespace(tell_to_stop=lambda: told.append("media"), wait=lambda _seconds: 0)
    left = hold.acquire(tmp_path / "cluster-studio.lock")
    supervisor.start_clusters()
    monkeypatch.setattr(worker.Cluster, "gone", False)
    monkeypatch.setattr(worker.Cluster, "silent", lambda cluster: False)
    supervisor.watch()
    supervisor.end()
    left.close()
    assert main.kept is None and told == ["media"]
