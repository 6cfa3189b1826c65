"""Files named by their bytes."""

import hashlib
import os
import threading
import time

import pytest

from videos.media.store import BadName, Store, digest

DATA = b"a film" * 1000
SHA = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "files")


def test_a_part_becomes_a_file_for_ever(store):
    part = store.part("worker-1:abc", "0b5e", 0)
    part.write_bytes(DATA)
    name = store.keep(part, SHA, ".mp4")
    assert name == f"{SHA[:2]}/{SHA}.mp4"
    assert not part.exists()
    assert store.path(name).read_bytes() == DATA
    with store.open(name) as file:
        assert file.read() == DATA
    assert digest(store.path(name)) == SHA


def test_the_same_bytes_are_kept_once(store):
    assert store.put(DATA, ".mp4") == store.put(DATA, ".mp4")
    assert sum(len(files) for _, _, files in os.walk(store.root)) == 1


def test_f36_two_owners_have_two_parts_and_end_with_one_file(store):
    parts = [store.part(owner, "job", 0) for owner in ("one", "two")]
    assert parts[0] != parts[1]
    names = []

    def keep(part):
        part.write_bytes(DATA)
        names.append(store.keep(part, SHA, ".mp4"))

    threads = [threading.Thread(target=keep, args=(part,)) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert names == [names[0]] * 2
    assert store.path(names[0]).read_bytes() == DATA


def test_outputs_of_a_job_and_jobs_have_parts_of_their_own(store):
    parts = {store.part("me", job, n) for job in ("a", "b", "../a", "a/0") for n in (0, 1)}
    assert len(parts) == 8
    assert {part.parent for part in parts} == {store.root / "parts"}


def test_a_new_owner_goes_on_from_the_latest_leftover(store):
    """The latest and not the longest: the older may be of a file that changed."""
    for owner, n, data, age in (("older", 0, b"1234567", 60), ("dead", 0, b"12345", 5), ("dead", 1, b"x", 0)):
        left = store.part(owner, "job", n)
        left.write_bytes(data)
        os.utime(left, (time.time() - age,) * 2)
    mine = store.inherit("me", "job", 0)
    assert mine.read_bytes() == b"12345"
    assert store.part("dead", "job", 0).exists()  # its owner may be alive after all
    mine.write_bytes(b"12")
    assert store.inherit("me", "job", 0).read_bytes() == b"12"
    assert not store.inherit("me", "fresh", 0).exists()


@pytest.mark.parametrize(
    "name",
    ["", "a", "../etc/passwd", "/etc/passwd", "ab/../../x.mp4", f"{SHA[:2]}/{SHA}", f"zz/{SHA}.mp4"]
    + [
        f"{SHA[:2]}/{SHA}.mp4\n",
        f"{SHA[:2]}/{SHA}.mp4/..",
        f"{SHA[:2]}\\{SHA}.mp4",
        f"{SHA[:2]}/{SHA}.MP4\0",
    ],
)
def test_a19_a_name_that_was_never_given_is_no_path(store, name):
    with pytest.raises(BadName):
        store.path(name)
    with pytest.raises(BadName):
        store.open(name)


@pytest.mark.parametrize(
    ("sha", "suffix"), [("../x", ".mp4"), (SHA.upper(), ".mp4"), (SHA, "/../x"), (SHA, "mp4")]
)
def test_a19_nothing_is_kept_under_a_foreign_name(store, sha, suffix):
    part = store.part("me", "job", 0)
    part.write_bytes(DATA)
    with pytest.raises(BadName):
        store.keep(part, sha, suffix)
    assert part.exists()


def test_old_parts_are_cleared_and_young_ones_are_not(store):
    old, young = store.part("a", "job", 0), store.part("b", "job", 0)
    old.write_bytes(b"x")
    young.write_bytes(b"x")
    os.utime(old, (time.time() - 7200,) * 2)
    assert store.clear_parts(3600) == 1
    assert (old.exists(), young.exists()) == (False, True)


def test_free_room_is_told_before_anything_was_written(store):
    assert store.free_bytes() > 0
