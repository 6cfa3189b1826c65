"""Links as vendors really write them: what belongs encoded is in them raw."""

import json

import pytest

from tests.vendors.asking import reply
from tests.vendors.recorded import recordings
from videos.vendors import registry
from videos.vendors.contract import Finished, Found, Kind

VENDORS = pytest.mark.parametrize("vendor", registry.VENDORS.values(), ids=registry.VENDORS)
ODD = [
    "https://cdn.example/my film.mp4?sig=a b",
    'https://cdn.example/"f".mp4',
    "https://cdn.example/f[1].mp4?list[]=1",
    "https://cdn.example/片 1.mp4",
    "https://cdn.example/a\\b.mp4",
    "https://cdn.example/a|b^c`{d}.mp4",
    "https://cdn.example/100%.mp4?q=%zz",
    "http://cdn.example/f.mp4",
    "https://cdn.example/f.mp4?token=" + "x" * 5000,
]


@VENDORS
@pytest.mark.parametrize("url", ODD, ids=lambda url: url[20:40])
def test_a_link_is_taken_as_it_is_written(vendor, url):
    told = next(r for r in recordings("check-finished*") if r.slug == vendor.slug)
    text = json.dumps(told.told["body"])
    for _, known in told.told["expect"]["outputs"]:
        text = text.replace(json.dumps(known), json.dumps(url))
    outcome = vendor.read_check(reply(200, text.encode()))
    assert isinstance(outcome, Finished)
    assert url in [found.url for found in outcome.outputs]


@pytest.mark.parametrize("url", ["https://a b/f.mp4", "https:// /f.mp4", "https://cdn.example/a\nb.mp4"])
def test_what_has_no_host_or_two_lines_is_no_link(url):
    answer = {"id": "a", "status": "completed", "output": {"video_url": url}}
    assert registry.vendor("seedance2ai").read_check(reply(200, answer)).kind is Kind.NO_OUTPUT


def test_a_sentence_beside_a_film_is_no_second_one():
    film = "https://cdn.example/my film.mp4"
    told = {"clip": film, "note": "https://vendor.example/help says how long it is kept"}
    answer = {"id": "a", "status": "completed", "output": told}
    outcome = registry.vendor("seedance2ai").read_check(reply(200, answer))
    assert outcome.outputs == (Found("video", film),)
