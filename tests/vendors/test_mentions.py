"""Behaviour 6: what ``@imageN`` in the words becomes at each vendor, and what is refused."""

import pytest

from tests.vendors.asking import body, codes, end, problems, references, start
from videos.vendors import options, registry
from videos.vendors.contract import Picture, Wish

DEF, S2A, GPT = "defapi/seedance-2.0", "seedance2ai/seedance", "seedance2ai/gpt-image-2"
ORG, DEV = "seedanceapi-org/seedance-2.0", "seedanceapi-dev/seedance-pro-5s"
ACE, TEXT_ONLY = "acedata/doubao-seedance-1-0-pro-250528", "acedata/doubao-seedance-1-0-lite-t2v-250428"
WITH_PICTURES = [key for key, model in registry.MODELS.items() if any(mode.slots for mode in model.modes)]


def words(key: str, prompt: str, *pictures: Picture) -> str:
    """The words as they stand on the wire."""
    sent = body(key, prompt, *pictures)
    return sent["prompt"] if "prompt" in sent else sent["content"][0]["text"]


@pytest.mark.parametrize(
    ("key", "pictures", "prompt", "sent"),
    [
        (DEF, references(2), "@image2 meets @image1", "@image2 meets @image1"),
        (S2A, references(2), "@image2 meets @image1", "image 2 meets image 1"),
        (S2A, (start(), end()), "from @image1 to @image2", "from the start frame to the end frame"),
        (GPT, references(2), "@image1 in the style of @image2", "image 1 in the style of image 2"),
        (ACE, (start(), end()), "from @image1 to @image2", "from the first frame to the last frame"),
        (ACE, (end(), start()), "from @image2 to @image1", "from the first frame to the last frame"),
        (ORG, (start(),), "the cat in @image1 turns", "the cat in the image turns"),
        (DEV, references(1), "the cat in @image1 turns", "the cat in the image turns"),
        (S2A, references(12), "把@image12放到@image1旁边", "把image 12放到image 1旁边"),
    ],
)
def test_a_mention_becomes_what_the_vendor_reads(key, pictures, prompt, sent):
    assert words(key, prompt, *pictures) == sent


def test_a_film_among_the_references_is_called_one():
    film = Picture("reference", "https://studio.example/a.mp4", "video")
    assert words(S2A, "@image1 moves like @image2", *references(1), film) == "image 1 moves like video 2"


@pytest.mark.parametrize("key", WITH_PICTURES)
@pytest.mark.parametrize(
    ("mention", "code"),
    [
        ("@image3", "mention_without_picture"),
        ("@image01", "mention_without_picture"),
        ("@image0", "mention_of_removed"),
    ],
)
def test_a_mention_that_points_nowhere_is_refused_by_every_model_with_pictures(key, mention, code):
    model = registry.model(key)
    slot = next(mode.slots[0] for mode in model.modes if mode.slots)
    wish = Wish(f"The cat of {mention}", {}, (Picture(slot.role, "https://studio.example/1.png"),))
    found = options.check(model, wish)
    assert codes(found) == [("prompt", code)]
    assert found[0].values == {"mention": mention, "legal": ("@image1",)}
    with pytest.raises(options.UnsendableRequest):
        options.resolve(model, wish)


def test_without_any_picture_every_mention_points_nowhere():
    assert codes(problems(S2A, "@image1 walks")) == [("prompt", "mention_without_picture")]


def test_a_model_without_pictures_reads_it_as_any_other_word():
    assert words(TEXT_ONLY, "@image1 walks") == "@image1 walks"


def test_but_not_one_whose_picture_went_when_that_model_was_chosen():
    assert codes(problems(TEXT_ONLY, "@image0 walks")) == [("prompt", "mention_of_removed")]


@pytest.mark.parametrize(
    "text", ["me@image1.example", "a.@image1", "_@image1", "@images", "@Image1", "@image", "9@image9"]
)
def test_what_only_looks_like_one_is_none(text):
    assert words(S2A, f"Write to {text}") == f"Write to {text}"


def test_the_length_is_that_of_what_is_sent():
    """``the image`` is longer than ``@image1``."""
    fits = "x" * (2000 - len(" the image")) + " @image1"
    assert len(words(ORG, fits, start())) == 2000
    found = problems(ORG, "x" + fits, start())
    assert codes(found) == [("prompt", "prompt_too_long")] and found[0].values["length"] == 2001


@pytest.mark.parametrize(
    ("mapping", "after"),
    [
        ({1: 2, 2: 1, 3: 3}, "@image2 and @image1 and @image3, not @image4"),
        ({1: 0, 2: 1, 3: 2}, "@image0 and @image1 and @image2, not @image4"),
        ({}, "@image1 and @image2 and @image3, not @image4"),
    ],
)
def test_mentions_follow_their_pictures_and_never_point_at_another(mapping, after):
    before = "@image1 and @image2 and @image3, not @image4"
    assert options.renumber(before, mapping) == after


def test_a_mention_of_nothing_stays_one():
    assert options.renumber("@image0 @image01", {1: 2, 0: 5}) == "@image0 @image01"


@pytest.mark.parametrize("key", WITH_PICTURES)
def test_what_is_shown_beside_a_picture_is_what_is_sent(key):
    model = registry.model(key)
    for mode in (mode for mode in model.modes if mode.slots):
        pictures = tuple(
            Picture(slot.role, f"https://studio.example/{slot.role}{n}.png")
            for slot in mode.slots
            for n in range(max(slot.minimum, 1))
        )
        chosen = options.mode_of(model, pictures)
        shown = options.vendor_words(chosen, pictures)
        asked = " ".join(f"@image{n}" for n in range(1, len(pictures) + 1))
        assert words(key, asked, *pictures) == " ".join(shown)
