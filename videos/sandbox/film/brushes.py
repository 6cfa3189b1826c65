"""What scenes are painted with: gradients, glows, clouds, skylines of noise.

Everything is a Pillow image in memory. Positions are pixels of the drawing size
(film.reel says why that is smaller than the film). No numpy: it would be a
dependency for this room alone.
"""

import math
from functools import lru_cache
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from videos.sandbox.film.palettes import Colour, mix

CALM = 0.4  # of what a scene asks for: loops last few seconds, and a camera must not swing
SUBPIXELS = 4  # a layer is kept at quarter-pixel steps, or slow drifts would be seen to jump


def smooth(x: float) -> float:
    """0 to 1 with a soft start and a soft end."""
    x = min(1.0, max(0.0, x))
    return x * x * (3 - 2 * x)


def sway(phase: float) -> float:
    """0 at the loop's ends and 1 in its middle: a camera that goes and comes back."""
    return (1 - math.cos(2 * math.pi * phase)) / 2


def gradient(size: tuple[int, int], stops: tuple[Colour, ...], random: Random) -> Image.Image:
    """Top to bottom through evenly spaced ``stops``, dithered so that a dark sky shows no bands."""
    width, height = size
    columns = 24
    strip = Image.new("RGB", (columns, height))
    pixels = []
    for y in range(height):
        place = y / max(1, height - 1) * (len(stops) - 1)
        index = min(int(place), len(stops) - 2)
        share = place - index
        low, high = stops[index], stops[index + 1]
        exact = [a + (b - a) * share for a, b in zip(low, high, strict=True)]
        pixels += [tuple(int(value + random.random()) for value in exact) for _ in range(columns)]
    strip.putdata(pixels)
    picture = Image.new("RGB", size)
    for x in range(0, width, columns):
        picture.paste(strip, (x, 0))
    return picture


@lru_cache(maxsize=64)
def falloff(power: float) -> Image.Image:
    """A round mask, 255 in the middle and 0 at the rim, steeper with ``power``."""
    reach = Image.radial_gradient("L")
    return reach.point([round(255 * max(0.0, 1 - value / 180) ** power) for value in range(256)])


def glow(
    picture: Image.Image, centre: tuple[float, float], radius: float, tint: Colour, strength: float,
    power: float = 2.0,
) -> None:  # fmt: skip
    """Light added (screened) around ``centre``; ``strength`` 0 to 1."""
    side = max(2, round(radius * 2))
    mask = falloff(power).resize((side, side), Image.Resampling.BICUBIC)
    light = Image.new("RGB", (side, side))
    light.paste(tuple(round(part * strength) for part in tint), (0, 0), mask)
    corner = round(centre[0] - radius), round(centre[1] - radius)
    box = (corner[0], corner[1], corner[0] + side, corner[1] + side)
    picture.paste(ImageChops.screen(picture.crop(box), light), corner)


def disc(picture: Image.Image, centre: tuple[float, float], radius: float, tint: Colour) -> None:
    """A filled circle with a soft edge: sun or moon."""
    side = max(4, round(radius * 2))
    mask = Image.new("L", (side * 4, side * 4))
    ImageDraw.Draw(mask).ellipse((4, 4, side * 4 - 4, side * 4 - 4), fill=255)
    mask = mask.resize((side, side), Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(side / 40 + 0.4))
    picture.paste(tint, (round(centre[0] - side / 2), round(centre[1] - side / 2)), mask)


def clouds(size: tuple[int, int], cell: tuple[float, float], random: Random, octaves: int = 3) -> Image.Image:
    """Fractal noise as a mask; ``cell`` is the size of its largest blobs in pixels."""
    total = None
    for octave in range(octaves):
        across = max(3, round(size[0] / cell[0] * 2**octave) + 3)
        down = max(3, round(size[1] / cell[1] * 2**octave) + 3)
        grain = Image.frombytes("L", (across, down), random.randbytes(across * down))
        layer = grain.resize(size, Image.Resampling.BICUBIC)
        total = layer if total is None else Image.blend(total, layer, 0.5 ** (octave + 0.55))
    return total


def levels(mask: Image.Image, low: int, high: int, top: int = 255) -> Image.Image:
    """Stretches ``low..high`` to ``0..top`` softly: what was noise becomes shreds of cloud."""
    return mask.point([round(top * smooth((value - low) / (high - low))) for value in range(256)])


def profile(length: int, cell: float, rough: float, random: Random, octaves: int = 6) -> list[float]:
    """A mountain line: ``length`` heights in 0..1, ``cell`` pixels between its main peaks."""
    heights = [0.0] * length
    weight, total = 1.0, 0.0
    for _ in range(octaves):
        if cell < 2:
            break
        knots = [random.random() for _ in range(int(length / cell) + 3)]
        start = random.random()
        for x in range(length):
            place = x / cell + start
            index = int(place)
            share = smooth(place - index)
            heights[x] += weight * (knots[index] * (1 - share) + knots[index + 1] * share)
        total += weight
        weight *= rough
        cell /= 2.1
    return [height / total for height in heights]


class Sprite:
    """A small round mask in many sizes and strengths, each made once."""

    def __init__(self, mask: Image.Image):
        self.mask = mask
        self.made: dict[tuple[int, int, int], Image.Image] = {}

    def at(self, width: float, height: float, strength: float) -> Image.Image:
        """``strength`` 0 to 1, in sixteenths."""
        key = max(1, round(width)), max(1, round(height)), round(strength * 16)
        if key not in self.made:
            small = self.mask.resize(key[:2], Image.Resampling.BILINEAR)
            self.made[key] = small.point([v * key[2] // 16 for v in range(256)])
        return self.made[key]


class Layer:
    """A silhouette that drifts sideways. ``fill`` is as wide as the view (the
    shading stands still) or as wide as the silhouette (it drifts along)."""

    def __init__(self, shape: Image.Image, fill: Image.Image, top: int, travel: float):
        """``shape`` is the mask at SUBPIXELS times its width and twice its height."""
        self.fill, self.top, self.travel = fill, top, travel * CALM
        self.width = shape.width // SUBPIXELS - 1
        self.height = shape.height // 2
        self.phases = [
            shape.crop((step, 0, step + self.width * SUBPIXELS, self.height * 2)).reduce((SUBPIXELS, 2))
            for step in range(SUBPIXELS)
        ]

    def draw(self, picture: Image.Image, shift: float) -> None:
        """``shift`` 0 to 1 moves the view through ``travel`` pixels."""
        x = min(shift * self.travel, self.width - picture.width)
        whole = int(x)
        mask = self.phases[int((x - whole) * SUBPIXELS)]
        window = (whole, 0, whole + picture.width, self.height)
        fill = self.fill if self.fill.width == picture.width else self.fill.crop(window)
        picture.paste(fill, (0, self.top), mask.crop(window))


def silhouette(width: int, height: int, line: list[float]) -> Image.Image:
    """The mask Layer wants, filled below ``line`` (pixels from the top, one per pixel of width)."""
    shape = Image.new("L", (width * SUBPIXELS, height * 2))
    points = [(x * SUBPIXELS, y * 2) for x, y in enumerate(line)]
    points += [(width * SUBPIXELS, points[-1][1]), (width * SUBPIXELS, height * 2), (0, height * 2)]
    ImageDraw.Draw(shape).polygon(points, fill=255)
    return shape


class Drift:
    """A soft mask that flows one way for ever in a loop that meets its own start:
    two windows on one texture, half a loop apart, each invisible when it jumps.

    What is soft and slow need not move in every frame: a mask is made ``steps``
    times a loop and kept in between, which halves the cost of a scene."""

    def __init__(self, texture: Image.Image, size: tuple[int, int], steps: int = 24, offset: float = 0.0):
        """The texture is ``size`` plus the way it flows in one loop; ``offset`` shifts its clock."""
        self.texture, self.size, self.steps, self.offset = texture, size, steps, offset
        self.kept: tuple[int, Image.Image] | None = None

    def window(self, place: float) -> Image.Image:
        x = round(place * (self.texture.width - self.size[0]))
        return self.texture.crop((x, 0, x + self.size[0], self.size[1]))

    def mask(self, phase: float) -> Image.Image:
        step = int(phase * self.steps) % self.steps
        if self.kept is None or self.kept[0] != step:
            place = (step / self.steps + self.offset) % 1
            weight = math.sin(math.pi * place) ** 2
            self.kept = step, Image.blend(self.window((place + 0.5) % 1), self.window(place), weight)
        return self.kept[1]


class Veil:
    """A picture under drifting shreds of one colour, repainted only when they moved."""

    def __init__(self, ground: Image.Image, drift: Drift, tint: Colour, top: int = 0):
        self.ground, self.drift, self.tint, self.top = ground, drift, tint, top
        self.kept: tuple[Image.Image, Image.Image] | None = None

    def draw(self, phase: float) -> Image.Image:
        """A copy that may be painted on."""
        mask = self.drift.mask(phase)
        if self.kept is None or self.kept[0] is not mask:
            picture = self.ground.copy()
            picture.paste(self.tint, (0, self.top), mask)
            self.kept = mask, picture
        return self.kept[1].copy()


def reflect(land: Image.Image, height: int, phase: float, unit: float, blur: bool = False) -> Image.Image:
    """``land`` upside down in water of ``height`` pixels, broken by ripples that grow
    towards the eye; ``blur`` draws it out as wet asphalt does."""
    mirrored = land.crop((0, max(0, land.height - height), land.width, land.height))
    mirrored = mirrored.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    if blur:
        mirrored = mirrored.reduce((3, max(1, round(unit * 2.2))))
    if mirrored.size != (land.width, height):
        mirrored = mirrored.resize((land.width, height), Image.Resampling.BILINEAR)
    water = mirrored.copy()
    y = 0
    while y < height:
        near = y / height
        thick = 1 + int(near * unit * 0.45)
        wave = math.sin(2 * math.pi * (3 * phase + 9 / (near + 0.16))) + 0.6 * math.sin(
            2 * math.pi * (2 * phase - 31 * near)
        )
        shift = round(wave * unit * (0.12 + 0.75 * near))
        water.paste(mirrored.crop((0, y, land.width, y + thick)), (shift, y))
        y += thick
    return water


def vignette(picture: Image.Image, depth: float = 0.34) -> None:
    """Darkens the corners, as a lens does."""
    mask = Image.radial_gradient("L").point(
        [round(255 * depth * smooth((v - 105) / 190)) for v in range(256)]
    )
    picture.paste((0, 0, 0), (0, 0), mask.resize(picture.size, Image.Resampling.BICUBIC))


def shade(far: Colour, near: Colour, mist: Colour, depth: float, size: tuple[int, int], random: Random):
    """The fill of a hill at ``depth`` 0 (far) to 1 (near): its own colour above, mist at its foot."""
    own = mix(far, near, depth**0.9)
    foot = mix(own, mist, 0.62 * (1 - depth) ** 0.7)
    return gradient(size, (own, mix(own, foot, 0.35), foot), random)
