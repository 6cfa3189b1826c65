"""A still: one moment of a scene, at the size asked for."""

import os
from pathlib import Path

from PIL import Image

from videos.sandbox.film.caption import overlay
from videos.sandbox.film.recipe import Recipe
from videos.sandbox.film.reel import scene_for, view_for

DRAWN = 1600 * 900  # a still may cost a little more than a frame


def write(recipe: Recipe, pictures: dict[str, list[Image.Image]], folder: Path) -> None:
    """Makes ``recipe.file`` in ``folder``; it appears whole or not at all."""
    size = recipe.width, recipe.height
    scale = min(1.0, (DRAWN / (size[0] * size[1])) ** 0.5)
    drawn = tuple(max(16, round(side * scale)) for side in size)
    scene = scene_for(recipe, view_for(recipe, drawn), pictures)
    picture = scene.draw(recipe.variant / 8).resize(size, Image.Resampling.BICUBIC)
    layer = overlay(size, recipe.prompt, pictures["reference"])
    picture.paste(layer, (0, 0), layer)
    part = folder / f"{recipe.name}.part"
    if recipe.form == "jpeg":
        picture.save(part, "JPEG", quality=90)
    else:
        picture.save(part, "PNG", compress_level=1)
    os.replace(part, folder / recipe.file)
