"""What is no film, and how a probe says so."""

import json
import resource
import subprocess
import sys

import pytest

from videos.media.probe import BadMedia, probe

TEXTS = {
    "html": b"<!doctype html><script>alert(1)</script>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "m3u8": b"#EXTM3U\n#EXTINF:1,\nother.mp4\n",
    "mpd": b'<?xml version="1.0"?><MPD/>',
    "ffconcat": b"ffconcat version 1.0\nfile other.mp4\n",
    "text": b"hello",
    "jpeg": b"\xff\xd8\xff\xe0" + bytes(100),
    "webm": b"\x1a\x45\xdf\xa3" + bytes(100),
}


def reason(path, kind="video", **more):
    with pytest.raises(BadMedia) as caught:
        probe(path, kind, **more)
    return caught.value.reason


def near(pixel, colour, slack=40):
    return all(abs(a - b) <= slack for a, b in zip(pixel, colour, strict=True))


def ask_child(question, allowed=None):
    """``allowed``: a limit of the machine's, and how much it is."""

    def lower():
        if allowed:
            resource.setrlimit(allowed[0], (allowed[1], allowed[1]))

    done = subprocess.run(
        [sys.executable, "-m", "videos.media.probe_child", json.dumps(question)],
        capture_output=True,
        timeout=60,
        check=True,
        preexec_fn=lower,
    )
    return json.loads(done.stdout)
