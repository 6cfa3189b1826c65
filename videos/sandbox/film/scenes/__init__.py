"""The places a rehearsal can be filmed in. ``choose`` picks one for a prompt.

Plain words in the prompt win (a desert is asked for, a desert is shown), in
English, German and Chinese; otherwise the prompt's hash decides, so that a wall
of rehearsal clips looks varied.
"""

from collections.abc import Callable
from random import Random

from videos.sandbox.film.scenery import Scene, View
from videos.sandbox.film.scenes.aurora import Aurora
from videos.sandbox.film.scenes.city import City
from videos.sandbox.film.scenes.dunes import Dunes
from videos.sandbox.film.scenes.forest import Forest
from videos.sandbox.film.scenes.ridges import Ridges
from videos.sandbox.film.scenes.sea import Sea
from videos.sandbox.film.scenes.words import WORDS

FAMILIES: dict[str, Callable[[View], Scene]] = {
    "ridges": Ridges,
    "aurora": Aurora,
    "dunes": Dunes,
    "sea": Sea,
    "forest": Forest,
    "city": City,
}


def choose(prompt: str, random: Random) -> str:
    """A family's name. Always draws from ``random`` once, whatever the words say."""
    fallback = random.choice(sorted(FAMILIES))
    text = prompt.casefold()
    latin = set("".join(letter if letter.isalpha() else " " for letter in text).split())
    latin |= {word.rstrip("s") for word in latin}
    scores = {
        family: sum(
            word in latin if word.isascii() or word[0] < "⺀" else word in text for word in words.split()
        )
        for family, words in WORDS.items()
    }
    best = max(scores, key=scores.get)
    return best if scores[best] else fallback
