"""What films cost: ``--measure`` prints CPU seconds per film, one scene family after the other.

A film is made from nothing. The sound of a mood is made once for all films of a sandbox, and has a
line of its own."""

import tempfile
import time
from pathlib import Path

from videos.sandbox.film import reel, sound
from videos.sandbox.film.recipe import FPS, Recipe
from videos.sandbox.film.scenes import FAMILIES
from videos.sandbox.film.scenes.words import WORDS

SIZES = ((864, 480, 4), (1280, 720, 8), (1920, 1080, 10))


def measure() -> None:
    print(f"{'scene':<8} {'film':<16} {'CPU s':>6} {'kB':>7}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for index, chord in enumerate(sound.CHORDS):
            path = sound.bed(index, folder)
            line("sound", f"mood {index}", path, lambda path=path, chord=chord: sound.synthesise(chord, path))
        for family in FAMILIES:
            for width, height, seconds in SIZES:
                prompt = f"{WORDS[family].split()[0]} {width}"
                recipe = Recipe(prompt, width, height, frames=seconds * FPS, sound=True)
                pictures = {"start": [], "end": [], "reference": []}
                line(
                    family, f"{width}x{height} {seconds} s", folder / recipe.file,
                    lambda recipe=recipe, pictures=pictures: reel.write(recipe, pictures, folder),
                )  # fmt: skip


def line(family: str, what: str, file: Path, make) -> None:  # noqa: ANN001
    started = time.process_time()
    make()
    spent = time.process_time() - started
    print(f"{family:<8} {what:<16} {spent:6.2f} {file.stat().st_size // 1000:7}")
