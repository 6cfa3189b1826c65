"""A whole film: an opening, a loop repeated by its packets, a closing."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import av
from av.container import InputContainer
from PIL import Image

from videos.sandbox.film import scenes, sound
from videos.sandbox.film.caption import overlay
from videos.sandbox.film.encoder import CLOCK, TICKS, Lens, encode, packets
from videos.sandbox.film.recipe import FPS, Recipe
from videos.sandbox.film.scenery import Scene, View
from videos.sandbox.film.scenes.picture import Between, Journey

DRAWN = 896 * 504  # pixels drawn; a larger film is scaled up from it, which keeps the cost in bounds
LARGE = 500_000  # pixels; beyond, frames are drawn on twos, as animators do
LOOP = 48  # frames of a loop
SHORT_LOOP, CLOSING = 32, 17  # where a film ends in a picture: together no dearer than one loop


@dataclass(frozen=True, slots=True)
class Piece:
    """One coding run, and the picture of the frame to keep, when it fell into it."""

    film: InputContainer
    packets: list[bytes]
    kept: Image.Image | None = None


def drawn_size(width: int, height: int) -> tuple[int, int]:
    scale = min(1.0, (DRAWN / (width * height)) ** 0.5)
    return tuple(max(16, round(side * scale / 2) * 2) for side in (width, height))


def scene_for(recipe: Recipe, view: View, pictures: dict[str, list[Image.Image]]) -> Scene:
    if pictures["start"] or pictures["end"]:
        return Journey(view, (pictures["start"] or pictures["end"])[0])
    return scenes.FAMILIES[scenes.choose(recipe.prompt, view.random)](view)


def view_for(recipe: Recipe, size: tuple[int, int]) -> View:
    return View(*size, Random(f"{recipe.prompt}|{recipe.seed}|{recipe.variant}"))


class Reel:
    """Encodes the pieces of one recipe. ``pictures``: per role, decoded."""

    def __init__(self, recipe: Recipe, pictures: dict[str, list[Image.Image]]):
        self.recipe, self.pictures = recipe, pictures
        self.film = recipe.width, recipe.height
        drawn = drawn_size(*self.film)
        self.scene = scene_for(recipe, view_for(recipe, drawn), pictures)
        self.lens = Lens(drawn, self.film, overlay(self.film, recipe.prompt, pictures["reference"]))
        self.large = recipe.width * recipe.height > LARGE
        both = bool(pictures["start"] and pictures["end"])
        self.closing = min(CLOSING, recipe.frames // 3) | 1 if both else 0
        self.turns = recipe.frames - self.closing
        self.length = min(SHORT_LOOP if both else LOOP, self.turns)

    def piece(self, scene: Scene, phases: list[float], keep: int) -> Piece:
        """Encodes one run; ``keep`` is the index whose picture is wanted, or -1."""
        kept: list[Image.Image] = []

        def frames() -> Iterator[av.VideoFrame]:
            for index, phase in enumerate(phases):
                if index % 2 == 0 or not self.large:
                    frame = self.lens.expose(scene.draw(phase))
                if index == keep:
                    kept.append(frame.to_image())
                yield frame

        film = encode(self.film, frames())
        return Piece(film, packets(film), kept[0] if kept else None)

    def make(self) -> list[Piece]:
        """The loop and, when there is an end picture, the way to it."""
        keep = self.recipe.last_frame
        wanted = (self.turns - 1) % self.length if keep and not self.closing else -1
        loop = self.piece(self.scene, [index / self.length for index in range(self.length)], wanted)
        if not self.closing:
            return [loop]
        way = Between(self.scene, self.turns % self.length / self.length, self.pictures["end"][0])
        steps = [(index + 1) / self.closing for index in range(self.closing)]
        return [loop, self.piece(way, steps, self.closing - 1 if keep else -1)]

    def sequence(self, pieces: list[Piece]) -> Iterator[tuple[bytes, bool]]:
        """Every packet of the film in order, and whether it is a key frame."""
        for index in range(self.turns):
            place = index % self.length
            yield pieces[0].packets[place], place == 0
        for index, packet in enumerate(pieces[-1].packets if self.closing else ()):
            yield packet, index == 0


def write(recipe: Recipe, pictures: dict[str, list[Image.Image]], folder: Path) -> None:
    """Makes ``recipe.file`` (and the last frame) in ``folder``; either appears whole or not at all."""
    reel = Reel(recipe, pictures)
    pieces = reel.make()
    part = folder / f"{recipe.name}.part.mp4"
    with av.open(str(part), "w", options={"movflags": "+faststart"}) as container:
        container.metadata["title"] = "Rehearsal"
        track = container.add_stream_from_template(pieces[0].film.streams.video[0], opaque=True)
        bed = sound.Bed(recipe.prompt, folder) if recipe.sound else None
        voice = container.add_stream_from_template(bed.stream) if bed else None
        for index, (data, key) in enumerate(reel.sequence(pieces)):
            container.mux(_packet(track, index, data, key))
        if bed:
            bed.copy(container, voice, recipe.frames / FPS)
    last = pieces[-1].kept
    if last is not None:
        last.save(folder / f"{recipe.name}.part.png", compress_level=1)
        os.replace(folder / f"{recipe.name}.part.png", folder / recipe.last_frame_file)
    os.replace(part, folder / recipe.file)


def _packet(track: av.VideoStream, index: int, data: bytes, key: bool) -> av.Packet:
    packet = av.Packet(data)
    packet.stream, packet.time_base = track, CLOCK
    packet.pts = packet.dts = index * TICKS
    packet.duration = TICKS
    packet.is_keyframe = key
    return packet
