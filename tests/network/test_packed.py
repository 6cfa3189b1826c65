"""Answers that come packed although nobody asked for it, or labelled as packed although they are not."""

import gzip
import hashlib
import io
import json
import os
import re
import zlib

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.network.doors import POST, both_doors
from tests.network.downloads import TAG, fails, fetch, ranges
from tests.network.faults import answers, bare_deflated, brotlied, framed, head, raw, server
from videos.network.exchange import Lost
from videos.network.unpacking import PIECE, Unpackable, Unpacker, encodings, is_media, is_text

FILM = b"\x00\x00\x00\x20ftypisom" + os.urandom(200_000)
SHA = hashlib.sha256(FILM).hexdigest()
LIKE_A_FILM = {
    "mp4": FILM,
    "mov without ftyp": b"\x00\x00\x00\x08wide" + FILM,
    "webm": b"\x1aE\xdf\xa3" + FILM,
}
LABELS = (
    "aws-chunked",
    "utf-8",
    "UTF-8",
    "identity",
    "binary",
    "none",
    "gzip",
    "br",
    "deflate",
    "zstd",
    "aws-chunked, gzip",
    "aws-chunked,identity",
    "gzip, aws-chunked, x-odd",
    "",
    ",",
)
PACKED = {
    "gzip": (gzip.compress, "gzip"),
    "x-gzip": (gzip.compress, "x-gzip"),
    "gzip under no name": (gzip.compress, ""),
    "gzip under another name": (gzip.compress, "aws-chunked"),
    "gzip in two members": (lambda body: gzip.compress(body[:999]) + gzip.compress(body[999:]), "gzip"),
    "gzip and zeros behind it": (lambda body: gzip.compress(body) + bytes(512), "gzip"),
    "deflate": (zlib.compress, "deflate"),
    "bare deflate": (bare_deflated, "deflate"),
    "br": (brotlied, "br"),
    "frames": (framed, "aws-chunked"),
    "small frames": (lambda body: framed(body, 777), "aws-chunked"),
    "frames without signatures": (lambda body: framed(body, signed=False), "aws-chunked"),
    "frames under no name": (framed, ""),
    "frames around gzip": (lambda body: framed(gzip.compress(body)), "gzip, aws-chunked"),
    "gzip around frames": (lambda body: gzip.compress(framed(body)), "aws-chunked, gzip"),
    "gzip, gzip": (lambda body: gzip.compress(gzip.compress(body)), "gzip, gzip"),
}


@pytest.fixture
def part(tmp_path):
    return tmp_path / "film.part"


def labelled(name):
    return {"content_encoding": name} if name else {}


@pytest.mark.parametrize("label", LABELS)
def test_an_intact_film_is_stored_whatever_its_label(part, label):
    with server(answers(body=FILM, etag=TAG, **labelled(label))) as cdn:
        got = fetch(cdn, part)
    assert (got.sha256, got.etag, got.sized, part.read_bytes()) == (SHA, TAG, True, FILM)


@pytest.mark.parametrize("kind", LIKE_A_FILM)
def test_other_films_are_known_by_their_first_bytes_too(part, kind):
    film = LIKE_A_FILM[kind]
    with server(answers(body=film, content_encoding="gzip")) as cdn:
        assert fetch(cdn, part).bytes == len(film)
    assert part.read_bytes() == film


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF", "AVIF", "TIFF", "BMP"])
def test_pictures_are_known_by_their_first_bytes(form):
    page = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(page, form)
    assert is_media(page.getvalue())


@pytest.mark.parametrize("name", PACKED)
def test_a_film_that_is_really_packed_is_unpacked(part, name):
    pack, label = PACKED[name]
    seen = []
    with server(answers(body=pack(FILM), etag=TAG, **labelled(label))) as cdn:
        got = fetch(cdn, part, renew=seen.append)
    assert (got.sha256, got.bytes, got.sized, part.read_bytes()) == (SHA, len(FILM), True, FILM)
    assert got.etag == "", "what was unpacked cannot be continued"
    assert seen[-1] == len(FILM)


@pytest.mark.parametrize("name", [n for n in PACKED if "zeros" not in n])
def test_half_of_something_packed_is_no_film_and_starts_over(part, name):
    pack, label = PACKED[name]
    half = pack(FILM)[: -len(FILM) // 3]
    with server(raw(head(etag=TAG, **labelled(label)) + half)) as cdn:
        lost = fails(cdn, part)
    assert (lost.kind, lost.reason, lost.etag) == ("network", "cut", "")


def test_what_turns_bad_half_way_is_told(part):
    packed = bytearray(gzip.compress(FILM))
    packed[1000:1010] = bytes(10)
    with server(answers(body=bytes(packed), content_encoding="gzip")) as cdn:
        assert (fails(cdn, part).kind, fails(cdn, part).reason) == ("network", "encoded")


def test_f34_an_odd_label_does_not_hinder_the_continuation(part):
    """Nor is the rest looked at as if it were a beginning: it may begin like anything."""
    film = FILM[:100_000] + gzip.compress(FILM[100_000:])
    with server(ranges(film, cut_at=100_000, content_encoding="aws-chunked")) as cdn:
        lost = fails(cdn, part)
        had = part.stat().st_size
        assert (lost.etag, had > 0) == (TAG, True)
        got = fetch(cdn, part, etag=lost.etag)
    assert (cdn.heard[1].headers["range"], part.read_bytes()) == (f"bytes={had}-", film)
    assert got.sha256 == hashlib.sha256(film).hexdigest()


def test_f34_what_was_unpacked_is_never_continued(part):
    packed = gzip.compress(FILM)
    with server(ranges(packed, cut_at=150_000, content_encoding="gzip")) as cdn:
        assert fails(cdn, part).etag == ""
        assert fetch(cdn, part, etag="").sha256 == SHA
    assert "range" not in cdn.heard[1].headers


@pytest.mark.parametrize("label", ["gzip, gzip", "", "aws-chunked"])
def test_a9_a_bomb_meets_the_same_limit(part, label):
    body = gzip.compress(gzip.compress(bytes(8 << 20), 9), 9)
    with server(answers(body=body, **labelled(label))) as cdn:
        lost = fails(cdn, part)
    assert (lost.kind, lost.reason, part.exists()) == ("too_big", "unpacked", False)


def test_what_nobody_can_read_is_handed_on_as_it_came(part):
    """Whether it is kept is not decided here (videos/jobs/fetching/collect.py)."""
    body = b"\x28\xb5\x2f\xfd" + os.urandom(3000)
    with server(answers(body=body, content_encoding="zstd")) as cdn:
        assert fetch(cdn, part).bytes == len(body)
    assert part.read_bytes() == body


# --- answers of an API ------------------------------------------------------

ANSWER = json.dumps({"code": 0, "data": {"task_id": "t-1"}, "said": "ä" * 500}).encode()


@both_doors
@pytest.mark.parametrize("name", PACKED)
def test_a_reply_that_is_packed_is_read(door, name):
    pack, label = PACKED[name]
    with server(answers(body=pack(ANSWER), **labelled(label))) as vendor:
        assert door(POST, base_url=vendor.url, trusted=vendor.trusted).body == ANSWER
    assert vendor.heard[0].headers["accept-encoding"] == "identity"


@both_doors
@pytest.mark.parametrize("label", ["gzip", "br", "deflate", "utf-8", "aws-chunked", "zstd"])
def test_a_plain_reply_under_a_label_is_read(door, label):
    for body in (ANSWER, b"", b"<html>busy</html>", b"Service Unavailable"):
        with server(answers(503, body, content_encoding=label)) as vendor:
            assert door(POST, base_url=vendor.url, trusted=vendor.trusted).body == body


@both_doors
@pytest.mark.parametrize(
    ("body", "label", "reason"),
    [
        (gzip.compress(ANSWER)[:-9], "gzip", "cut"),
        (gzip.compress(ANSWER)[:40] + bytes(9), "gzip", "encoded"),
        (gzip.compress(bytes(2 << 20)), "gzip", "too_big"),
        (brotlied(bytes(2 << 20)), "br", "too_big"),
        (zlib.compress(bytes(2 << 20)), "deflate", "too_big"),
        (gzip.compress(ANSWER[:-1] + b" " * (1 << 20)), "", "too_big"),
    ],
    ids=["cut", "broken", "gzip bomb", "brotli bomb", "deflate bomb", "bomb under no name"],
)
def test_f5_a9_a_reply_that_cannot_be_unpacked_is_lost_and_sent_once(door, body, label, reason):
    with server(answers(body=body, **labelled(label))) as vendor, pytest.raises(Lost, match=reason):
        door(POST, base_url=vendor.url, trusted=vendor.trusted)
    assert len(vendor.heard) == 1


@both_doors
def test_a47_a_key_that_the_vendor_packs_into_its_answer_is_taken_out(door):
    body = gzip.compress(b'{"message": "Incorrect API key provided: sk-test-0123456789"}')
    with server(answers(401, body, content_encoding="gzip")) as vendor:
        reply = door(POST, base_url=vendor.url, trusted=vendor.trusted)
    assert reply.body == b'{"message": "Incorrect API key provided: ***"}'


# --- the reader by itself ---------------------------------------------------


def unpacked(data, label="", plain=is_text, size=1000):
    unpacker = Unpacker(encodings(label), plain)
    pieces = [piece for at in range(0, len(data), size) for piece in unpacker.feed(data[at : at + size])]
    pieces += list(unpacker.finish())
    assert all(len(piece) <= max(size, 2 * PIECE) for piece in pieces)
    return b"".join(pieces)


@settings(max_examples=60)
@given(
    st.sampled_from(list(PACKED)),
    st.binary(min_size=1, max_size=3000).map(lambda tail: b"{" + tail),
    st.integers(1, 4000),
)
def test_whatever_is_packed_comes_out_however_it_is_cut(name, body, size):
    pack, label = PACKED[name]
    assert unpacked(pack(body), label, size=size) == body


@settings(max_examples=100)
@given(st.binary(max_size=2000), st.sampled_from(LABELS), st.integers(1, 700))
def test_any_bytes_end_and_nothing_else_is_raised(data, label, size):
    for plain in (is_text, is_media):
        try:
            unpacked(data, label, plain, size)
        except Unpackable as error:
            assert re.fullmatch("encoded|cut", error.reason)


def test_layers_have_an_end():
    data = body = b'{"code": 0}' * 100
    for _layer in range(5):
        data = gzip.compress(data)
    assert unpacked(data) == gzip.compress(gzip.compress(body))


def test_a_bomb_comes_in_small_pieces():
    unpacker = Unpacker(("br",), is_text)
    came = 0
    for piece in unpacker.feed(brotli.compress(bytes(64 << 20), quality=1)):
        assert len(piece) <= 2 * PIECE
        came += len(piece)
        if came > 1 << 20:
            break
    assert came <= (1 << 20) + 2 * PIECE
