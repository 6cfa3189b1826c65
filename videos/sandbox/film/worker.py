"""The child process: a recipe a line in, an answer a line out, until the pipe ends.

Answers are ``{"problem": "", "seconds": cpu}``. The parent's death closes the
pipe, so no worker outlives its sandbox.
"""

import io
import json
import os
import signal
import sys
import time
from pathlib import Path

import av
from PIL import Image, UnidentifiedImageError

from videos.sandbox.film import reel, still
from videos.sandbox.film.recipe import Recipe

POLITENESS = 10


def picture(path: Path) -> Image.Image:
    """A reference as a picture; of a film, its first frame."""
    data = path.read_bytes()
    try:
        found = Image.open(io.BytesIO(data))
        found.load()
        return found.convert("RGB")
    except UnidentifiedImageError:
        with av.open(io.BytesIO(data)) as container:
            return next(container.decode(video=0)).to_image()


def make(recipe: Recipe, folder: Path, store: Path) -> None:
    pictures: dict[str, list[Image.Image]] = {"start": [], "end": [], "reference": []}
    for reference in recipe.references:
        pictures[reference.role].append(picture(store / reference.digest))
    if recipe.kind == "video":
        reel.write(recipe, pictures, folder)
    else:
        still.write(recipe, pictures, folder)


def main(folder: Path, store: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    os.nice(POLITENESS)
    for line in sys.stdin:
        started, problem, recipe = time.process_time(), "", Recipe.from_json(line)
        try:
            make(recipe, folder, store)
        except (OSError, ValueError, SyntaxError, av.FFmpegError, Image.DecompressionBombError) as trouble:
            problem = f"{type(trouble).__name__}: {trouble}"
            for part in folder.glob(f"{recipe.name}.part*"):  # on a full disk it would be in the way
                part.unlink(missing_ok=True)
        print(json.dumps({"problem": problem, "seconds": time.process_time() - started}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
