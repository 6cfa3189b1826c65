"""What films cost: ``--measure`` prints CPU seconds per film, one scene family after the other."""

import tempfile
import time
from pathlib import Path

from videos.sandbox.film import reel
from videos.sandbox.film.recipe import FPS, Recipe
from videos.sandbox.film.scenes import FAMILIES
from videos.sandbox.film.scenes.words import WORDS

SIZES = ((864, 480, 4), (1280, 720, 8), (1920, 1080, 10))


def measure() -> None:
    """Each film is made from nothing in an empty folder, its sound included."""
    print(f"{'scene':<8} {'film':<16} {'CPU s':>6} {'kB':>7}")
    for family in FAMILIES:
        for width, height, seconds in SIZES:
            with tempfile.TemporaryDirectory() as folder:
                prompt = f"{WORDS[family].split()[0]} {width}"
                recipe = Recipe(prompt, width, height, frames=seconds * FPS, sound=True)
                started = time.process_time()
                reel.write(recipe, {"start": [], "end": [], "reference": []}, Path(folder))
                spent = time.process_time() - started
                size = (Path(folder) / recipe.file).stat().st_size // 1000
            print(f"{family:<8} {f'{width}x{height} {seconds} s':<16} {spent:6.2f} {size:7}")
