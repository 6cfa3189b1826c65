"""So many strangers' files at once, in all of the studio, and nobody who dies keeps a place."""

import contextlib
import os
import subprocess
import sys
import threading
import time

import pytest
from PIL import Image

from videos.media import child_slots
from videos.media.child_slots import Busy, acquire, waiting
from videos.media.probe import Limits, probe

MEMORY = Limits().memory
HOLDER = (
    "import sys, time, fcntl; file = open(sys.argv[1], 'w'); fcntl.flock(file, fcntl.LOCK_EX);"
    "print('held', flush=True); time.sleep(60)"
)


@pytest.fixture(autouse=True)
def one_place(settings, tmp_path):
    settings.DATA, settings.OPENING_MEMORY = tmp_path, MEMORY


@contextlib.contextmanager
def held_elsewhere(tmp_path):
    """Another process, such as the other web server or a worker, has the place."""
    (tmp_path / "opening").mkdir(exist_ok=True)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "opening/0")], stdout=subprocess.PIPE
    )
    assert holder.stdout.readline()
    try:
        yield holder
    finally:
        holder.kill()
        holder.wait()


def test_as_many_at_once_as_there_is_memory_for(settings):
    settings.OPENING_MEMORY = 3 * MEMORY + 1
    with acquire(MEMORY), acquire(MEMORY), acquire(MEMORY), waiting(0):
        with pytest.raises(Busy), acquire(MEMORY):
            pass
    with acquire(MEMORY):
        pass


def test_with_less_memory_than_one_takes_there_is_one_all_the_same(settings):
    settings.OPENING_MEMORY = 1
    with acquire(MEMORY), waiting(0), pytest.raises(Busy), acquire(MEMORY):
        pass


def test_who_needs_more_memory_takes_more_places_and_never_a_part_of_them(settings):
    settings.OPENING_MEMORY = 3 * MEMORY
    with acquire(MEMORY), acquire(MEMORY * 3 // 2), waiting(0), pytest.raises(Busy), acquire(MEMORY):
        pass
    with acquire(MEMORY), acquire(MEMORY), waiting(0):
        with pytest.raises(Busy), acquire(MEMORY * 3 // 2):
            pass
        with acquire(MEMORY):  # whoever found too few has left the one there was
            pass
    with acquire(9 * MEMORY):  # more than there is: alone
        pass


def test_another_process_counts_and_its_death_gives_the_place_back(tmp_path):
    with held_elsewhere(tmp_path) as holder, waiting(5):
        with waiting(0), pytest.raises(Busy), acquire(MEMORY):
            pass
        threading.Timer(0.2, holder.kill).start()
        with acquire(MEMORY):
            pass


def test_a_child_keeps_the_place_of_a_parent_that_is_gone(tmp_path):
    with acquire(MEMORY) as held:
        child = subprocess.Popen([sys.executable, "-c", "input()"], pass_fds=held, stdin=subprocess.PIPE)
    with waiting(0), pytest.raises(Busy), acquire(MEMORY):
        pass
    child.communicate(b"\n")
    with waiting(5), acquire(MEMORY):
        pass


def test_who_waits_shows_signs_of_life_and_may_be_called_off(tmp_path, monkeypatch):
    monkeypatch.setattr(child_slots, "_REPORT_SECONDS", 0.0)
    signs = []

    class Overtaken(Exception):
        pass

    def renewed():
        signs.append(1)
        if len(signs) == 3:
            raise Overtaken

    with held_elsewhere(tmp_path), waiting(None, renewed), pytest.raises(Overtaken), acquire(MEMORY):
        pass
    assert len(signs) == 3
    with waiting(0), acquire(MEMORY):  # whoever was called off keeps none
        pass


def test_a_lease_is_renewed_once_more_when_the_waiting_is_over(tmp_path):
    signs = []
    with held_elsewhere(tmp_path) as holder, waiting(None, lambda: signs.append(1)):
        threading.Timer(0.2, holder.kill).start()
        with acquire(MEMORY):
            assert signs == [1]
    with waiting(None, lambda: signs.append(2)), acquire(MEMORY):  # who did not wait needs no sign
        assert signs == [1]


def test_several_files_of_one_sending_wait_together_no_longer_than_it_may():
    with acquire(MEMORY), waiting(0.3):
        began = time.monotonic()
        for _file in range(20):
            with waiting(60), pytest.raises(Busy), acquire(MEMORY):
                pass
        assert time.monotonic() - began < 5


def test_few_threads_of_a_web_server_wait_and_the_others_are_told_at_once(tmp_path):
    said = []

    def wait(seconds):
        began = time.monotonic()
        with waiting(seconds), contextlib.suppress(Busy), acquire(MEMORY):
            pass
        said.append(time.monotonic() - began)

    with acquire(MEMORY):
        patient = [threading.Thread(target=wait, args=(2,)) for _ in range(20)]
        for thread in patient:
            thread.start()
        for thread in patient:
            thread.join()
    assert sum(took < 1 for took in said) == 14 and sum(took >= 1 for took in said) == 6


def test_a_probe_takes_a_place(tmp_path):
    Image.new("RGB", (64, 64)).save(tmp_path / "a.png")
    with acquire(MEMORY), waiting(0), pytest.raises(Busy):
        probe(tmp_path / "a.png", "still")
    assert probe(tmp_path / "a.png", "still").width == 64
    assert os.stat(tmp_path / "opening").st_mode & 0o077 == 0
