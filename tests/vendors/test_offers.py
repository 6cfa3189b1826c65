"""Which models can do a wish: by table over all of them, and against the check that the form
itself makes."""

from decimal import Decimal

import pytest

from tests.vendors.asking import codes
from videos.vendors import offers, options, registry
from videos.vendors.contract import Picture, Wish
from videos.vendors.offers import Requirements, TeamPrices

ORG = "seedanceapi-org/seedance-2.0"
LITE_5, LITE_10 = "seedanceapi-dev/seedance-lite-5s", "seedanceapi-dev/seedance-lite-10s"
PRO_5, PRO_10 = "seedanceapi-dev/seedance-pro-5s", "seedanceapi-dev/seedance-pro-10s"
PRO15_5, PRO15_10 = "seedanceapi-dev/seedance-1.5-pro-5s", "seedanceapi-dev/seedance-1.5-pro-10s"
DEF = "defapi/seedance-2.0"
ACE_15 = "acedata/doubao-seedance-1-5-pro-251215"
ACE_10 = "acedata/doubao-seedance-1-0-pro-250528"
ACE_FAST = "acedata/doubao-seedance-1-0-pro-fast-251015"
ACE_T2V = "acedata/doubao-seedance-1-0-lite-t2v-250428"
ACE_I2V = "acedata/doubao-seedance-1-0-lite-i2v-250428"
S2A = "seedance2ai/seedance"
GPT, BANANA = "seedance2ai/gpt-image-2", "seedance2ai/nano-banana-pro"
DEV = {LITE_5, LITE_10, PRO_5, PRO_10, PRO15_5, PRO15_10}
ACE = {ACE_15, ACE_10, ACE_FAST, ACE_T2V, ACE_I2V}

START, END = Picture("start"), Picture("end")
STILLS = (Picture("reference"),) * 3
FILM = Picture("reference", media="video")


def film(resolution: str = "", pictures: tuple = (), **wished) -> Requirements:
    return Requirements("video", wished, resolution, pictures)


def still(resolution: str = "", pictures: tuple = (), **wished) -> Requirements:
    return Requirements("still", wished, resolution, pictures)


ABLE = {
    "any film": (film(), {ORG, DEF, S2A} | DEV | ACE - {ACE_I2V}),
    "12 s": (film(seconds=12), {ORG, S2A} | ACE - {ACE_I2V}),
    "10 s": (film(seconds=10), {LITE_10, PRO_10, PRO15_10, DEF, S2A} | ACE - {ACE_I2V}),
    "15 s": (film(seconds=15), {DEF, S2A}),
    "60 s": (film(seconds=60), set()),
    "9:21": (film(aspect_ratio="9:21"), {ORG}),
    "21:9": (film(aspect_ratio="21:9"), {ORG, DEF, S2A} | ACE - {ACE_I2V}),
    "720p or more": (film("720p"), {ORG, S2A} | DEV | ACE - {ACE_I2V}),
    "1080p": (film("1080p"), {PRO_5, PRO_10, PRO15_5, PRO15_10, S2A} | ACE - {ACE_I2V}),
    "sound": (film(audio=True), {ORG, PRO15_5, PRO15_10, ACE_15, S2A}),
    "no sound": (film(audio=False), {ORG, LITE_5, LITE_10, PRO_5, PRO_10, S2A} | ACE - {ACE_I2V}),
    "a seed": (film(seed=0), {S2A} | ACE - {ACE_I2V}),
    "a seed too large": (film(seed=2**33), set()),
    "a start": (film(pictures=(START,)), {ORG, S2A} | DEV | ACE - {ACE_T2V}),
    "a start and an end": (film(pictures=(START, END)), {ACE_15, ACE_10, ACE_FAST, ACE_I2V, S2A}),
    "three references": (film(pictures=STILLS), {DEF, S2A}),
    "ten references": (film(pictures=(Picture("reference"),) * 10), {S2A}),
    "a film as reference": (film(pictures=(*STILLS, FILM)), {S2A}),
    "both kinds of pictures": (film(pictures=(START, *STILLS)), set()),
    "12 s, sound, 16:9": (film(seconds=12, audio=True, aspect_ratio="16:9"), {ORG, ACE_15, S2A}),
    "any still": (still(), {GPT, BANANA}),
    "four stills": (still(count=4), {GPT}),
    "one still": (still(count=1), {GPT, BANANA}),
    "a square in 4K": (still("4K", aspect_ratio="1:1"), {BANANA}),
    "a square in 2K": (still("2K", aspect_ratio="1:1"), {GPT, BANANA}),
    "nine references for a still": (still(pictures=(Picture("reference"),) * 9), {GPT}),
    "a still with a seed": (still(seed=7), set()),
    "a silent still": (still(audio=False), {GPT, BANANA}),
}


@pytest.mark.parametrize("name", ABLE)
def test_who_can_do_it(name):
    want, able = ABLE[name]
    found = offers.offers(want)
    assert [one.model.key for one in found] == list(registry.MODELS), "one answer per model, always"
    assert {one.model.key for one in found if not one.problems} == able


@pytest.mark.parametrize("name", ABLE)
def test_what_is_offered_passes_the_forms_own_check_and_keeps_the_wish(name):
    want, _able = ABLE[name]
    for one in offers.offers(want):
        if one.problems:
            continue
        assert options.check(one.model, Wish("A cat", one.options, want.pictures)) == []
        sent = {**one.model.fixed, **one.options}
        for wish, value in want.options.items():
            if (wish, value) not in (("count", 1), ("audio", False)):
                assert sent[wish] == value, (one.model.key, wish)
        if want.resolution:
            sizes = offers.sizes(want.medium)
            assert sizes.index(sent["resolution"]) >= sizes.index(want.resolution)


@pytest.mark.parametrize("name", ABLE)
def test_the_price_is_the_vendors_own_for_what_would_be_sent(name):
    for one in offers.offers(ABLE[name][0]):
        expected = None if one.problems else options.price(one.model, one.options)
        assert one.price == expected
        assert one.cost == (expected.usd if expected else None)
        assert one.guess is None


def answer(key: str, want: Requirements, purse: TeamPrices | None = None, **beside):
    return next(one for one in offers.offers(want, purse, beside) if one.model.key == key)


@pytest.mark.parametrize(
    ("key", "want", "reasons", "legal"),
    [
        (ORG, film("1080p", seconds=5), [("seconds", "not_legal"), ("resolution", "not_legal")], (4, 8, 12)),
        (LITE_5, film(seconds=12, audio=True), [("seconds", "fixed_by_model"), ("audio", "fixed_by_model")], (5,)),
        (DEF, film(audio=False), [("audio", "not_offered")], ("seconds", "aspect_ratio")),
        (ACE_T2V, film(pictures=(START,)), [("pictures", "role_not_offered")], ()),
        (ACE_I2V, film(), [("pictures", "picture_needed")], 1),
        (DEF, film(pictures=(*STILLS, FILM)), [("pictures", "media_not_allowed")], ("image",)),
        (GPT, still("4K", aspect_ratio="1:1"), [("resolution", "not_with")], ("1K", "2K")),
        (GPT, film(seconds=5), [("medium", "makes_stills")], None),
        (ORG, still(), [("medium", "makes_films")], None),
    ],
)  # fmt: skip
def test_every_reason_at_once_with_the_legal_values(key, want, reasons, legal):
    found = answer(key, want)
    assert codes(found.problems) == reasons
    assert found.problems[0].values.get("legal") == legal
    assert found.price is None and found.guess is None, "no price for what cannot be had"


@pytest.mark.parametrize(
    ("wished", "sent"),
    [("480p", "480p"), ("720p", "720p"), ("1080p", "1080p")],
)
def test_at_least_means_the_smallest_that_is_enough(wished, sent):
    assert answer(ACE_10, film(wished)).options["resolution"] == sent
    assert answer(S2A, film("480p")).options["resolution"] == "720p"


def test_what_stands_beside_comes_along_and_yields_to_the_wish():
    kept = answer(S2A, film(seconds=6), tier="pro", channel="real", watermark=True, seconds=9).options
    assert (kept["tier"], kept["channel"], kept["seconds"]) == ("pro", "real", 6)
    assert "watermark" not in kept
    yields = answer(S2A, film(seed=7), tier="pro", channel="real")
    assert yields.problems == () and yields.options["seed"] == 7 and yields.options["channel"] == "standard"
    assert "frames" not in answer(ACE_10, film(seconds=6), frames=57).options
    assert answer(ACE_10, film(), frames=57).options["frames"] == 57


def test_where_it_cannot_the_nearest_that_can():
    found = answer(LITE_5, film(seconds=12, aspect_ratio="16:9"))
    assert found.problems and options.check(found.model, Wish("A cat", found.options)) == []
    assert answer(ORG, film("1080p", seconds=15)).options["seconds"] == 12


RATES = TeamPrices(
    "EUR", {"seedanceapi-org": Decimal("0.004"), "seedance2ai": Decimal("0.01")}, {S2A: Decimal("30")}
)


def test_costs_are_compared_in_the_teams_money():
    want = film(seconds=12, audio=True)
    assert answer(ORG, want, RATES).cost == Decimal("0.336")
    estimated = answer(S2A, want, RATES)
    assert (estimated.price, estimated.guess, estimated.cost) == (None, 30, Decimal("0.30"))
    assert answer(ACE_15, want, RATES).cost is None, "nobody entered what that costs"
    in_credits_alone = answer(PRO15_10, film(seconds=10))
    assert in_credits_alone.price.amount == 100 and in_credits_alone.cost is None


def test_a_highest_price_refuses_what_is_known_to_be_dearer_and_nothing_else():
    want = Requirements("video", {"seconds": 12, "audio": True}, highest=Decimal("0.32"))
    dear = answer(ORG, want, RATES)
    assert codes(dear.problems) == [("price", "too_dear")] and dear.price.amount == 84
    assert answer(S2A, want, RATES).problems == ()
    unknown = answer(ACE_15, want, RATES)
    assert unknown.problems == () and unknown.cost is None
    exact = Requirements("video", {"seconds": 12, "audio": True}, highest=Decimal("0.42"))
    assert answer(ORG, exact).problems == (), "as much as that is not more"


def test_a_doubt_does_not_stand_in_the_way():
    found = answer(ACE_FAST, film(pictures=(START, END)))
    assert found.problems == () and codes(found.doubts) == [("pictures", "mode_doubtful")]


def test_what_can_be_wished_for_is_what_the_models_have():
    assert offers.sizes("video") == ["480p", "720p", "1080p"] and offers.sizes("still") == ["1K", "2K", "4K"]
    assert "9:21" in offers.shapes("video") and "adaptive" not in offers.shapes("video")
    assert "auto" not in offers.shapes("still") and "3:1" in offers.shapes("still")
