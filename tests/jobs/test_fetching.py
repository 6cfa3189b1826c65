"""A film that is made and does not come: the card says why after the third try, and what can be done."""

import gzip
import random
from pathlib import Path

import pytest
from django.urls import reverse

from tests.jobs import faulty_vendor as says
from tests.jobs.engine import drive, fresh, looked, press, sent, story, until_made
from tests.media.films import film
from tests.network import faults
from videos import words
from videos.jobs import verbs
from videos.jobs.fetching import collect, obstacles
from videos.jobs.transitions import touch
from videos.models import Output
from videos.models.clock import later, now
from videos.network.download import DownloadError
from videos.words import fetching as sentences

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def mp4(tmp_path_factory):
    path = tmp_path_factory.mktemp("films") / "film.mp4"
    film(path, frames=24)
    return path.read_bytes()


def made(member, vendor, behaviour):
    vendor.looks = [says.made(f"{vendor.url}/a.mp4")]
    vendor.files["/a.mp4"] = behaviour
    return looked(sent(member, vendor))


def card(job):
    return words.card_text(fresh(job), now())


PACKED = gzip.compress(random.Random(1).randbytes(3000))
BROKEN = PACKED[:1000] + bytes(20) + PACKED[1020:]
SHORT = faults.raw(faults.head(content_length=9999) + b"x" * 50)
KEEPS_IT_AWAY = {
    "503": (faults.answers(503, b"busy"), "fetch_server", "503"),
    "429": (faults.answers(429, b"slow down"), "fetch_busy", "slow down"),
    "401": (faults.answers(401, b"who are you?"), "fetch_refused", "401"),
    "403": (faults.answers(403, b"<Error/>"), "fetch_refused", "403"),
    "404": (faults.answers(404, b""), "fetch_dead", "404"),
    "cut short": (SHORT, "fetch_cut", "breaks off"),
    "closed": (faults.raw(b""), "fetch_cut", "breaks off"),
    "empty": (faults.answers(body=b""), "fetch_cut", "breaks off"),
    "circles": (faults.answers(302, location="/a.mp4"), "fetch_redirects", "circles"),
    "packed and broken": (
        faults.answers(body=BROKEN, content_encoding="gzip"),
        "fetch_encoded",
        "unpacked",
    ),
}


@pytest.mark.parametrize("name", KEEPS_IT_AWAY)
def test_what_keeps_it_away_is_said_after_the_third_try(member, key, vendor, name):
    behaviour, kind, words_of_it = KEEPS_IT_AWAY[name]
    job = made(member, vendor, behaviour)
    for _try in range(obstacles.SHOWN_AFTER - 1):
        job = drive(job)
        assert (job.state, job.kind, card(job).title, card(job).text) == (
            "downloading",
            "",
            "Bringing it home",
            "",
        )
    job = drive(job)
    said = card(job)
    assert (job.state, job.kind, said.title) == ("downloading", kind, "It is made, but does not come yet")
    assert words_of_it in said.text and "We keep trying" in said.text


# What does not happen on a loopback, by the error that the door gives.
ELSEWHERE = [
    (DownloadError("network", "dns"), "fetch_dns"),
    (DownloadError("network", "tls"), "fetch_tls"),
    (DownloadError("network", "connect"), "fetch_connect"),
    (DownloadError("stalled", "idle", '"e"'), "fetch_silent"),
    (DownloadError("stalled", "deadline", '"e"'), "fetch_slow"),
    (DownloadError("not_https", "tls"), "fetch_not_https"),
    (DownloadError("not_https", "status_404"), "fetch_not_https"),
]


@pytest.mark.parametrize(("error", "kind"), ELSEWHERE, ids=str)
def test_so_is_what_happens_on_the_way(member, key, vendor, monkeypatch, error, kind):
    job = made(member, vendor, faults.answers(404))

    def fails(*_args, **_more):
        raise error

    monkeypatch.setattr(collect, "download", fails)
    for _try in range(obstacles.SHOWN_AFTER):
        job = drive(job)
    assert (job.state, job.kind) == ("downloading", kind)
    assert card(job).text.startswith(str(sentences.REASONS[kind]).partition("%")[0])


def test_whatever_the_reasons_are_it_is_said_after_three_in_all(member, key, vendor):
    job = made(member, vendor, faults.answers(404))
    for behaviour in (faults.raw(b""), faults.answers(404), faults.answers(503)):
        vendor.files["/a.mp4"] = behaviour
        job = drive(job)
    assert job.kind == "fetch_server"


def test_every_reason_has_its_sentence():
    details = [
        *obstacles._BY_DETAIL,
        "status_400",
        "status_500",
        "length",
        "cut",
        "empty",
        "range",
        "",
    ]
    whys = ["network", "stalled", "gone", "not_https", "unreadable", "machine", "invalid"]
    found = {obstacles.kind(why, detail) for why in whys for detail in details}
    assert found == set(sentences.REASONS)


def test_once_it_comes_nothing_is_left_of_it(member, key, vendor, mp4):
    job = made(member, vendor, faults.answers(503))
    for _try in range(4):
        job = drive(job)
    assert job.kind == "fetch_server"
    vendor.files["/a.mp4"] = faults.answers(body=mp4, content_encoding="aws-chunked")
    job = drive(job)
    assert (job.state, job.kind, job.code, job.errors) == ("succeeded", "", "", 0)


@pytest.mark.parametrize("pack", [bytes, gzip.compress, faults.framed], ids=["intact", "gzip", "framed"])
def test_a_film_under_an_odd_encoding_comes_home_at_once(member, key, vendor, mp4, pack, settings):
    job = made(member, vendor, faults.answers(body=pack(mp4), content_encoding="aws-chunked", etag='"e"'))
    job = drive(job)
    output = job.outputs.get()
    assert (job.state, output.state) == ("succeeded", "stored")
    assert (Path(settings.MEDIA) / "files" / output.file).exists() or output.bytes == len(mp4)


def test_every_third_try_asks_for_a_fresh_link(member, key, vendor, mp4):
    job = made(member, vendor, faults.answers(503))
    vendor.looks = [says.made(f"{vendor.url}/fresh.mp4")]
    vendor.files["/fresh.mp4"] = faults.answers(body=mp4)
    before = len(vendor.looked)
    for _try in range(3):
        job = drive(job)
    assert len(vendor.looked) == before + 1
    assert drive(job).state == "succeeded"


def test_f34_a_part_is_not_continued_at_another_address(member, key, vendor, mp4):
    """Two servers may use the same tag for two files."""
    job = made(member, vendor, faults.raw(faults.head(content_length=len(mp4), etag='"1"') + mp4[:2000]))
    for _try in range(2):
        job = drive(job)
    assert job.outputs.get().etag == '"1"'
    vendor.looks = [says.made(f"{vendor.url}/fresh.mp4")]
    vendor.files["/fresh.mp4"] = faults.answers(body=mp4, etag='"1"')
    job = drive(drive(job))
    assert job.state == "succeeded"
    assert "range" not in [heard for heard in vendor.fetched if heard.target == "/fresh.mp4"][0].headers


def test_the_same_address_with_a_new_signature_is_continued(member, key, vendor, mp4):
    cut = faults.raw(faults.head(content_length=len(mp4), etag='"1"') + mp4[:2000])
    job = made(member, vendor, cut)
    vendor.looks = [says.made(f"{vendor.url}/a.mp4?sig=2")]
    vendor.files["/a.mp4?sig=2"] = cut
    for _try in range(4):
        job = drive(job)
    assert vendor.fetched[-1].target == "/a.mp4?sig=2" and vendor.fetched[-1].headers["range"]


def test_a_person_may_have_it_fetched_now(member, key, vendor, mp4):
    job = made(member, vendor, faults.answers(503))
    with pytest.raises(verbs.CannotBe, match="nothing_to_fetch"):
        verbs.fetch_again(member, job)
    for _try in range(6):
        job = drive(job)
    assert job.next_at > later(1)
    job = verbs.fetch_again(member, job)
    assert (fresh(job).next_at <= now(), story(job)[-1]) == (True, "fetch_again")
    held = fresh(job)
    touch(held, lease_owner="somebody", lease_until=later(60))
    with pytest.raises(verbs.CannotBe, match="being_fetched"):
        verbs.fetch_again(member, fresh(job))


def test_an_http_link_that_https_does_not_give_ends_and_says_so(member, key, vendor, monkeypatch):
    job = made(member, vendor, faults.answers(404))

    def fails(*_args, **_more):
        raise DownloadError("not_https", "connect")

    monkeypatch.setattr(collect, "download", fails)
    for _try in range(collect.TRIES_MOST["not_https"]):
        assert job.state == "downloading"
        job = drive(job)
    assert (job.state, job.kind, job.money) == ("download_failed", "download_not_https", "charged")
    assert "http" in card(job).text and "not public" not in card(job).text


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://10.0.0.9/a.mp4", "download_blocked"),
        ("http://169.254.169.254/a.mp4", "download_blocked"),
        ("https://cdn.example:8443/a.mp4", "download_address"),
        ("https://u:p@cdn.example/a.mp4", "download_address"),
        ("https://bücher.example/a.mp4", "download_address"),
        ("https://cdn.example/%0d%0ax", "download_address"),
    ],
)
def test_a_link_that_cannot_be_followed_says_the_true_reason(member, key, vendor, url, kind):
    vendor.looks = [says.made(url)]
    job = drive(looked(sent(member, vendor)))
    assert (job.state, job.kind, job.money) == ("download_failed", kind, "charged")


# --- on the page ------------------------------------------------------------


def test_the_page_offers_to_fetch_now_and_to_open_the_vendors_link(member, key, vendor, as_alice):
    job = made(member, vendor, faults.answers(503))
    for _try in range(3):
        job = drive(job)
    place = ["northlight", job.public_id]
    page = as_alice.get(reverse("clip", args=place)).content.decode()
    assert "reports an error of its own (503)" in page and "Fetch it now" in page
    assert reverse("clip_link", args=place) in page and f"{vendor.url}/a.mp4" not in page
    led = as_alice.get(reverse("clip_link", args=place))
    assert (led.status_code, led["Location"], led["Referrer-Policy"]) == (
        302,
        f"{vendor.url}/a.mp4",
        "no-referrer",
    )
    assert as_alice.post(reverse("clip_look", args=place)).status_code == 302
    assert story(job)[-1] == "fetch_again"


@pytest.mark.parametrize("url", ["http://10.0.0.9/a.mp4", "http://cdn.example/a.mp4", "javascript:alert(1)"])
def test_a10_a_link_that_is_not_safe_is_not_opened(member, key, vendor, as_alice, url):
    job = made(member, vendor, faults.answers(503))
    job = drive(job)
    output = Output.objects.get(job=job)
    output.job = job
    job.outputs.update(url_sealed=collect.freeze.seal_url(url, job, output.n))
    place = ["northlight", job.public_id]
    assert reverse("clip_link", args=place) not in as_alice.get(reverse("clip", args=place)).content.decode()
    led = as_alice.get(reverse("clip_link", args=place))
    assert led["Location"] == reverse("clip", args=place)


def test_one_that_is_here_has_no_link_to_open(member, key, vendor, as_alice, mp4):
    job = drive(made(member, vendor, faults.answers(body=mp4)))
    assert job.state == "succeeded"
    with pytest.raises(verbs.CannotBe, match="no_safe_link"):
        verbs.link(member, job)


@pytest.mark.parametrize("tag", ["[encoded]", "[encoded:gzip]", "[encoded:frames]"])
def test_the_sandbox_encodes_its_films_as_oddly_as_it_is_asked(member, key, sandbox, tag):
    options = {"resolution": "480p", "seconds": 4}
    job = drive(until_made(drive(press(member, f"A red boat {tag} [slow:1]", options=options))))
    assert job.state == "succeeded", (job.kind, job.code)
