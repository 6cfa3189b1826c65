"""Open water under a sun or a moon: a path of glitter, far headlands, one small boat."""

import math

from PIL import Image, ImageDraw, ImageFilter

from videos.sandbox.film import brushes
from videos.sandbox.film.palettes import DAWN, NIGHT, mix
from videos.sandbox.film.scenery import View

HORIZON = 0.56


class Sea:
    def __init__(self, view: View):
        self.view, random = view, view.random
        self.palette = palette = random.choice(DAWN + NIGHT)
        width, height = view.size
        self.horizon = round(height * HORIZON)
        unit = view.unit
        sky = brushes.gradient((width, self.horizon), palette.sky, random)
        self.sun = random.uniform(0.3, 0.7) * width, self.horizon - unit * random.uniform(7, 16)
        brushes.glow(sky, self.sun, unit * 75, palette.light, 0.5, 2.4)
        brushes.glow(sky, self.sun, unit * 26, palette.light, 0.6, 2.2)
        brushes.disc(sky, self.sun, unit * 5.6, mix(palette.light, (255, 255, 255), 0.5))
        reach = round(unit * 18)
        veil = brushes.clouds((width + reach, self.horizon), (width / 1.5, height / 10), random, 4)
        drift = brushes.Drift(brushes.levels(veil, 118, 220, 120), (width, self.horizon))
        self.backdrop = brushes.Veil(sky, drift, palette.mist)
        self.lands = [self._headland(0.15, 7), self._headland(0.45, 10)]
        self.deep = brushes.gradient(
            (width, height - self.horizon), (mix(palette.sky[-1], palette.far, 0.4), palette.sky[0], palette.near), random
        )  # fmt: skip
        ramp = Image.linear_gradient("L").point([round(85 + v * 0.62) for v in range(256)])
        self.depth = ramp.resize((width, height - self.horizon))
        self.sparks = self._glitter()
        self.dash = brushes.Sprite(brushes.falloff(1.4))
        self.boat = self._boat()

    def _headland(self, depth: float, tall: float) -> brushes.Layer:
        width, unit, random = self.view.width, self.view.unit, self.view.random
        tall = round(unit * tall)
        travel = unit * (0.8 + 3 * depth)
        wide = width + round(travel) + 3
        line = brushes.profile(wide, width / 1.7, 0.45, random, 6)
        slope = random.choice((-1, 1))
        heights = [value + slope * (x / wide - 0.5) * 0.9 for x, value in enumerate(line)]
        low, high = min(heights), max(heights)
        line = [tall * min(1.05, 1.35 - 1.3 * (value - low) / (high - low)) for value in heights]
        palette = self.palette
        fill = brushes.shade(palette.far, palette.near, palette.mist, depth, (width, tall), random)
        return brushes.Layer(brushes.silhouette(wide, tall, line), fill, self.horizon - tall, travel)

    def _glitter(self) -> list[tuple[float, float, float, float, float]]:
        """x, y, width, height and clock of every spark on the water under the sun."""
        random, height = self.view.random, self.view.height
        sparks = []
        for _ in range(170):
            near = random.random() ** 1.5
            y = self.horizon + 2 + near * (height - self.horizon) * 0.92
            spread = self.view.unit * (2.2 + 16 * near)
            x = self.sun[0] + random.gauss(0, 0.55) * spread
            sparks.append(
                (
                    x,
                    y,
                    self.view.unit * (1.2 + 6.5 * near),
                    self.view.unit * (0.22 + 0.5 * near),
                    random.random(),
                )
            )
        return sparks

    def _boat(self) -> Image.Image:
        """A sail, drawn large and made small."""
        size = round(self.view.unit * 9)
        mask = Image.new("L", (size * 4, size * 4))
        pen, s = ImageDraw.Draw(mask), size * 4 / 100
        pen.polygon([(50 * s, 6 * s), (53 * s, 74 * s), (86 * s, 74 * s)], fill=255)
        pen.polygon([(47 * s, 18 * s), (46 * s, 74 * s), (24 * s, 74 * s)], fill=230)
        pen.polygon([(14 * s, 79 * s), (90 * s, 79 * s), (78 * s, 92 * s), (26 * s, 92 * s)], fill=255)
        return mask.resize((size, size), Image.Resampling.LANCZOS)

    def draw(self, phase: float) -> Image.Image:
        width, height = self.view.size
        sky, shift = self.backdrop.draw(phase), brushes.sway(phase)
        for land in self.lands:
            land.draw(sky, shift)
        water = brushes.reflect(sky, height - self.horizon, phase, self.view.unit)
        water.paste(self.deep, (0, 0), self.depth)
        picture = Image.new("RGB", self.view.size)
        picture.paste(sky, (0, 0))
        picture.paste(water, (0, self.horizon))
        self._draw_sparks(picture, phase)
        self._draw_boat(picture, phase)
        return picture

    def _draw_sparks(self, picture: Image.Image, phase: float) -> None:
        for x, y, wide, tall, clock in self.sparks:
            light = max(0.0, math.sin(2 * math.pi * (phase * 2 + clock))) ** 1.6
            if light < 0.06:
                continue
            mask = self.dash.at(wide * (0.5 + 0.5 * light), tall, light * 0.9)
            at = x - mask.width / 2 + math.sin(2 * math.pi * (phase + clock)) * self.view.unit * 0.5, y
            picture.paste(self.palette.light, (round(at[0]), round(at[1])), mask)

    def _draw_boat(self, picture: Image.Image, phase: float) -> None:
        unit, side = self.view.unit, 1 if self.sun[0] < self.view.width / 2 else -1
        tilt = self.boat.rotate(2.2 * math.sin(2 * math.pi * phase), Image.Resampling.BICUBIC)
        x = self.sun[0] + side * unit * (20 + 3 * brushes.sway(phase)) - tilt.width / 2
        y = self.horizon - tilt.height * 0.62 + math.sin(4 * math.pi * phase) * unit * 0.25
        ink = mix(self.palette.near, self.palette.far, 0.18)
        shadow = tilt.transpose(Image.Transpose.FLIP_TOP_BOTTOM).resize(
            (tilt.width, round(tilt.height * 0.7))
        )
        shadow = shadow.filter(ImageFilter.GaussianBlur(unit * 0.5)).point(lambda v: v * 90 // 255)
        picture.paste(ink, (round(x), round(y + tilt.height * 0.86)), shadow)
        picture.paste(ink, (round(x), round(y)), tilt)
