"""A city after rain: towers in the dusk, their lights, and those of the street out of focus in front."""

import math

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from videos.sandbox.film import brushes
from videos.sandbox.film.palettes import Palette, colour, mix
from videos.sandbox.film.scenery import View

PALETTES = (
    Palette((colour("0b1030"), colour("2c2a66"), colour("8a4a8c"), colour("f08a6a")), colour("ffd9a0"), colour("4a3f7a"), colour("070916"), colour("b0688f")),
    Palette((colour("061a2c"), colour("0f4a66"), colour("3f97a0"), colour("f4d3a0")), colour("ffe3b0"), colour("2c6a7c"), colour("04101a"), colour("7fb7b4")),
    Palette((colour("150a22"), colour("451a55"), colour("a8327a"), colour("ff7f7a")), colour("ffd0c0"), colour("5a2a66"), colour("0a0512"), colour("c0528a")),
    Palette((colour("0a1018"), colour("1d3042"), colour("4c6478"), colour("c9b48c")), colour("fff0cc"), colour("3a5064"), colour("05080d"), colour("8a97a0")),
)  # fmt: skip
LIGHTS = tuple(colour(text) for text in "ffb35c ff6b6b ffd98a 5cd6ff b98cff ff8ad0 7affc8".split())
STREET = 0.74


class City:
    def __init__(self, view: View):
        self.view, random = view, view.random
        self.palette = palette = random.choice(PALETTES)
        width, height = view.size
        self.street = round(height * STREET)
        sky = brushes.gradient((width, self.street), palette.sky, random)
        at = random.uniform(0.25, 0.75) * width, self.street * 0.86
        brushes.glow(sky, at, view.unit * 85, palette.sky[-1], 0.5, 2.0)
        reach = round(view.unit * 16)
        veil = brushes.clouds((width + reach, self.street), (width / 1.6, height / 9), random, 4)
        drift = brushes.Drift(brushes.levels(veil, 112, 220, 110), (width, self.street))
        self.backdrop = brushes.Veil(sky, drift, palette.mist)
        self.rows = [self._row(depth) for depth in (0.0, 0.3, 0.62, 1.0)]
        self.wet = brushes.gradient((width, height - self.street), (palette.near, palette.near), random)
        ramp = Image.linear_gradient("L").point([round(40 + v * 0.62) for v in range(256)])
        self.depth = ramp.resize(self.wet.size)
        self.disc = brushes.Sprite(self._sprite())
        self.bokeh = [self._spot() for _ in range(34)]
        band = Image.linear_gradient("L").point([round(120 * (v / 255) ** 2.6) for v in range(256)])
        self.haze = band.resize((width, round(view.unit * 16)))

    def _row(self, depth: float) -> brushes.Layer:
        """A street's worth of towers; the nearer, the darker and the more lit windows."""
        width, random, palette, unit = self.view.width, self.view.random, self.palette, self.view.unit
        travel = unit * (1 + 11 * depth**1.5)
        wide = width + round(travel) + 3
        tall = round(self.street * (0.62 - 0.2 * depth))
        shape = Image.new("L", (wide * brushes.SUBPIXELS, tall * 2))
        own = mix(palette.far, palette.near, depth**0.8)
        foot = mix(own, palette.mist, 0.5 * (1 - depth))
        fill = brushes.gradient((wide, tall), (own, mix(own, foot, 0.4), foot), random)
        pen, paint = ImageDraw.Draw(shape), ImageDraw.Draw(fill)
        x = -unit * 4.0
        while x < wide:
            broad = unit * random.uniform(4, 10) * (0.7 + 0.6 * depth)
            high = tall * random.betavariate(2.2, 2.6)
            self._tower(pen, x, tall - high, broad, tall)
            if depth > 0.2:
                self._windows(paint, x, tall - high, broad, tall, depth)
            x += broad * random.uniform(0.8, 1.25)
        return brushes.Layer(shape, fill, self.street - tall, travel)

    def _tower(self, pen: ImageDraw.ImageDraw, x: float, top: float, broad: float, tall: int) -> None:
        random, wide = self.view.random, brushes.SUBPIXELS
        pen.rectangle((x * wide, top * 2, (x + broad) * wide, tall * 2), fill=255)
        kind = random.random()
        if kind < 0.25:
            cap = broad * random.uniform(0.3, 0.6)
            pen.rectangle(
                (
                    (x + (broad - cap) / 2) * wide,
                    (top - cap * 0.6) * 2,
                    (x + (broad + cap) / 2) * wide,
                    top * 2,
                ),
                fill=255,
            )
        elif kind < 0.4:
            mast = (x + broad / 2) * wide
            pen.rectangle((mast - 2, (top - broad * 0.9) * 2, mast + 2, top * 2), fill=255)

    def _windows(
        self, paint: ImageDraw.ImageDraw, x: float, top: float, broad: float, tall: int, depth: float
    ) -> None:
        random, unit = self.view.random, self.view.unit
        step = unit * (0.9 + 0.5 * depth)
        tone = mix(self.palette.light, random.choice(LIGHTS), 0.3)
        share = random.uniform(0.05, 0.4)
        y = top + step
        while y < tall - step:
            column = x + step * 0.7
            while column < x + broad - step * 0.8:
                if random.random() < share:
                    tint = mix(self.palette.near, tone, random.uniform(0.35, 0.95) * (0.45 + 0.55 * depth))
                    paint.rectangle((column, y, column + step * 0.42, y + step * 0.48), fill=tint)
                column += step
            y += step * 1.15

    def _sprite(self) -> Image.Image:
        """A light out of focus: an even disc with a brighter rim."""
        mask = Image.new("L", (256, 256))
        pen = ImageDraw.Draw(mask)
        pen.ellipse((8, 8, 248, 248), fill=235)
        pen.ellipse((22, 22, 234, 234), fill=165)
        return mask.filter(ImageFilter.GaussianBlur(5))

    def _spot(self) -> tuple[float, float, float, tuple[int, int, int], float, float]:
        """x and y (shares), size, tint, strength and clock of a street light."""
        random = self.view.random
        size = self.view.unit * (2.2 + 9.5 * random.random() ** 2.2)
        y = random.gauss(STREET + 0.06, 0.08)
        return (
            random.uniform(-0.05, 1.05),
            y,
            size,
            random.choice(LIGHTS),
            random.uniform(0.22, 0.6),
            random.random(),
        )

    def draw(self, phase: float) -> Image.Image:
        width, height = self.view.size
        town, shift = self.backdrop.draw(phase), brushes.sway(phase)
        for row in self.rows:
            row.draw(town, shift)
        town.paste(
            mix(self.palette.sky[-1], self.palette.light, 0.4), (0, self.street - self.haze.height), self.haze
        )
        picture = Image.new("RGB", self.view.size)
        picture.paste(town, (0, 0))
        water = brushes.reflect(town, height - self.street, phase, self.view.unit, blur=True)
        water.paste(self.wet, (0, 0), self.depth)
        picture.paste(water, (0, self.street))
        for x, y, size, tint, strength, clock in self.bokeh:
            glowing = strength * (0.78 + 0.22 * math.sin(2 * math.pi * (phase + clock)))
            mask = self.disc.at(size, size, glowing)
            side = mask.width
            at = x * width - shift * size * 1.6, y * height - size / 2
            place = round(at[0]), round(at[1])
            spot = picture.crop((*place, place[0] + side, place[1] + side))
            lit = ImageChops.screen(spot, Image.new("RGB", spot.size, tint))
            picture.paste(lit, place, mask)
        return picture
