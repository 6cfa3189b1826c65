"""Spruces behind spruces in morning fog, light falling through it, dust that floats."""

import math

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from videos.sandbox.film import brushes
from videos.sandbox.film.palettes import Palette, colour, mix
from videos.sandbox.film.scenery import View

PALETTES = (
    Palette((colour("e8efd8"), colour("bcd6b8"), colour("86b09a")), colour("fffbe0"), colour("9cbfae"), colour("0c1f1a"), colour("dcebd2")),
    Palette((colour("ffe6b8"), colour("efb987"), colour("b98277")), colour("fff2cf"), colour("c99a86"), colour("21131a"), colour("ffd9a6")),
    Palette((colour("cfe2f2"), colour("93b4d2"), colour("5f84ad")), colour("ffffff"), colour("86a8c8"), colour("0b1626"), colour("cfe0ee")),
    Palette((colour("d9c9ec"), colour("a08ec6"), colour("6d5d9c")), colour("fff3fb"), colour("9684bd"), colour("160f2a"), colour("dccdef")),
)  # fmt: skip
LAYERS = 5


class Forest:
    def __init__(self, view: View):
        self.view, random = view, view.random
        self.palette = palette = random.choice(PALETTES)
        width, height = view.size
        unit = view.unit
        ground = brushes.gradient(view.size, (*palette.sky, palette.sky[1]), random)
        self.sun = random.uniform(0.25, 0.75) * width, height * 0.16
        brushes.glow(ground, self.sun, unit * 95, palette.light, 0.75, 2.2)
        brushes.glow(ground, self.sun, unit * 34, palette.light, 0.7, 2.0)
        ground.paste(palette.light, (0, 0), self._shafts())
        reach = round(unit * 18)
        fog = brushes.clouds((width + reach, height), (width / 2.2, height / 5), random, 4)
        self.backdrop = brushes.Veil(
            ground, brushes.Drift(brushes.levels(fog, 100, 230, 130), view.size), palette.mist
        )
        self.layers = [self._trees(index / (LAYERS - 1)) for index in range(LAYERS)]
        self.fogs = [self._fog(reach, index) for index in range(2)]
        self.motes = [
            (random.random(), random.uniform(0.25, 0.95), random.random(), random.random()) for _ in range(34)
        ]
        self.mote = brushes.Sprite(brushes.falloff(2.2))

    def _trees(self, depth: float) -> brushes.Layer:
        width, height = self.view.size
        random, palette, unit = self.view.random, self.palette, self.view.unit
        travel = unit * (1.2 + 13 * depth**1.5)
        wide = width + round(travel) + 3
        foot = height * (0.60 + 0.36 * depth)
        size = unit * (19 + 46 * depth**1.25)
        top = max(0, round(foot - size * 1.35))
        tall = height - top
        shape = Image.new("L", (wide * brushes.SUBPIXELS, tall * 2))
        pen = ImageDraw.Draw(shape)
        x = -size * 0.2
        while x < wide + size * 0.2:
            one = size * (0.45 + 0.85 * random.random() ** 1.6)
            self._spruce(pen, x, foot - top + unit * random.uniform(0, 2), one)
            x += size * random.uniform(0.1, 0.34) * (1 + 0.35 * depth)
        ground = foot - top - unit * 1.5
        line = [
            (at, ground + math.sin(at / (unit * 19) + depth * 9) * unit * 1.4) for at in range(0, wide + 8, 8)
        ]
        pen.polygon(
            [*[(a * brushes.SUBPIXELS, b * 2) for a, b in line], (shape.width, tall * 2), (0, tall * 2)],
            fill=255,
        )
        own = mix(palette.far, palette.near, depth**0.95)
        fade = mix(own, palette.mist, 0.75 * (1 - depth) ** 0.8)
        fill = brushes.gradient((width, tall), (own, own, fade if depth < 1 else own), random)
        return brushes.Layer(shape, fill, top, travel)

    def _spruce(self, pen: ImageDraw.ImageDraw, x: float, foot: float, size: float) -> None:
        """A slim crown and, along it, many short drooping boughs, no two alike."""
        random = self.view.random
        half, tip = size * random.uniform(0.13, 0.19), foot - size
        lean = random.uniform(-0.025, 0.025) * size
        pen.rectangle(
            self._wide(x - size * 0.012, foot - size * 0.2, x + size * 0.012, foot + size * 0.1), fill=255
        )
        crown = [
            (x + lean, tip),
            (x - half * 0.42, foot - size * 0.05),
            (x + half * 0.42, foot - size * 0.05),
        ]
        pen.polygon([(a * brushes.SUBPIXELS, b * 2) for a, b in crown], fill=255)
        boughs = max(12, round(size / self.view.unit * 0.8))
        for bough in range(boughs):
            share = (bough + random.uniform(0.1, 0.9)) / boughs
            y, middle = tip + size * 0.95 * share, x + lean * (1 - share)
            for side in (-1, 1):
                reach = half * share**0.85 * random.uniform(0.55, 1.15)
                thick = size * (0.012 + 0.035 * share) * random.uniform(0.7, 1.2)
                out = middle + side * reach, y + reach * random.uniform(0.12, 0.4)
                knee = middle + side * reach * 0.5, y + reach * 0.3 + thick
                points = [(middle, y - thick * 1.6), out, knee, (middle, y + thick)]
                pen.polygon([(a * brushes.SUBPIXELS, b * 2) for a, b in points], fill=255)

    def _wide(
        self, left: float, top: float, right: float, bottom: float
    ) -> tuple[float, float, float, float]:
        return left * brushes.SUBPIXELS, top * 2, right * brushes.SUBPIXELS, bottom * 2

    def _fog(self, reach: int, index: int) -> brushes.Drift:
        width, height = self.view.width, round(self.view.height * 0.36)
        fog = brushes.clouds((width + reach, height), (width / 2, height / 2.4), self.view.random, 3)
        fade = Image.linear_gradient("L").point([min(v, 255 - v) * 2 for v in range(256)])
        fog = ImageChops.multiply(brushes.levels(fog, 70, 215, 215), fade.resize(fog.size))
        return brushes.Drift(fog, (width, height), offset=0.4 * index)

    def _shafts(self) -> Image.Image:
        """Light from the sun between the crowns, fading downwards."""
        random, (width, height) = self.view.random, self.view.size
        mask = Image.new("L", (width // 2, height // 2))
        pen = ImageDraw.Draw(mask)
        x, y = self.sun[0] / 2, self.sun[1] / 2 - height * 0.2
        for _ in range(7):
            lean, spread = random.uniform(-0.9, 0.9), random.uniform(0.03, 0.1)
            far = height * 0.9
            pen.polygon([(x, y), (x + (lean - spread) * far, y + far), (x + (lean + spread) * far, y + far)],
                        fill=random.randint(40, 95))  # fmt: skip
        mask = mask.filter(ImageFilter.GaussianBlur(self.view.unit * 1.1))
        fade = Image.linear_gradient("L").point([round(255 * (1 - v / 255) ** 1.2) for v in range(256)])
        return ImageChops.multiply(mask, fade.resize(mask.size)).resize(
            self.view.size, Image.Resampling.BILINEAR
        )

    def draw(self, phase: float) -> Image.Image:
        picture, shift = self.backdrop.draw(phase), brushes.sway(phase)
        for index, layer in enumerate(self.layers):
            layer.draw(picture, shift)
            if index in (1, 2):
                fog = self.fogs[index - 1]
                picture.paste(
                    self.palette.mist, (0, self.layers[index + 1].top + fog.size[1] // 3), fog.mask(phase)
                )
        self._draw_motes(picture, phase)
        return picture

    def _draw_motes(self, picture: Image.Image, phase: float) -> None:
        for x, y, size, clock in self.motes:
            life = (phase + clock) % 1
            light = brushes.smooth(min(life, 1 - life) * 4) * 0.75
            side = self.view.unit * (0.4 + 0.8 * size**3)
            mask = self.mote.at(side, side, light)
            at = (x + 0.03 * life) * self.view.width, (y - 0.06 * life) * self.view.height
            picture.paste(self.palette.light, (round(at[0]), round(at[1])), mask)
