"""What is no film, and how a probe says so."""

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
