"""Sand hills under a low sun: one side lit, one in shade, a little sand in the wind."""

import math

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from videos.sandbox.film import brushes
from videos.sandbox.film.palettes import DESERT, mix
from videos.sandbox.film.scenery import View

LAYERS = 5


class Dunes:
    def __init__(self, view: View):
        self.view, random = view, view.random
        self.palette = palette = random.choice(DESERT)
        width, height = view.size
        sky = brushes.gradient(view.size, (*palette.sky, palette.sky[-1]), random)
        self.sun = random.choice((random.uniform(0.14, 0.3), random.uniform(0.7, 0.86))) * width
        centre, unit = (self.sun, height * random.uniform(0.3, 0.4)), view.unit
        brushes.glow(sky, centre, unit * 95, palette.light, 0.6, 2.4)
        brushes.glow(sky, centre, unit * 30, palette.light, 0.7, 2.2)
        brushes.disc(sky, centre, unit * 6.4, mix(palette.light, (255, 255, 255), 0.55))
        brushes.vignette(sky, 0.25)
        reach = round(unit * 16)
        veil = brushes.clouds((width + reach, height // 2), (width / 1.2, height / 14), random, 4)
        drift = brushes.Drift(brushes.levels(veil, 130, 225, 90), (width, height // 2))
        self.backdrop = brushes.Veil(sky, drift, palette.mist)
        self.layers = [self._dune(index / (LAYERS - 1)) for index in range(LAYERS)]
        sand = brushes.clouds((width + reach * 4, round(height * 0.2)), (width / 3, height / 30), random, 3)
        fade = Image.linear_gradient("L").point([min(v, 255 - v) * 2 for v in range(256)])
        sand = ImageChops.multiply(brushes.levels(sand, 120, 230, 120), fade.resize(sand.size))
        self.sand = brushes.Drift(sand, (width, sand.height), steps=60)

    def _dune(self, depth: float) -> brushes.Layer:
        width, height = self.view.size
        random, palette, unit = self.view.random, self.palette, self.view.unit
        travel = unit * (1 + 13 * depth**1.6)
        wide = width + round(travel) + 3
        top = round(height * (0.46 + 0.34 * depth**1.1))
        tall = height - top
        rise = height * (0.11 + 0.11 * depth)
        line = self._crest(wide, width / (1.35 + 1.5 * (1 - depth)), rise)
        lit = mix(palette.far, palette.light, 0.32 * (1 - depth) + 0.16)
        lit = mix(lit, palette.near, 0.62 * depth**1.7)
        foot = mix(lit, palette.mist, 0.55 * (1 - depth))
        fill = brushes.gradient((wide, tall), (lit, foot, mix(foot, palette.near, 0.25 * depth)), random)
        self._shade(fill, line, mix(lit, palette.near, 0.5 + 0.2 * depth))
        return brushes.Layer(brushes.silhouette(wide, tall, line), fill, top, travel)

    def _crest(self, wide: int, cell: float, rise: float) -> list[float]:
        """Long windward slopes and short lee ones, each dune a little different."""
        random = self.view.random
        start, heights, widths = random.random() * cell, [], []
        while sum(widths) < wide + 2 * cell:
            widths.append(cell * random.uniform(0.75, 1.35))
            heights.append(rise * random.uniform(0.45, 1))
        line, x, index, begun = [], start, 0, 0.0
        for _ in range(wide):
            while x - begun > widths[index]:
                begun += widths[index]
                index += 1
            share = (x - begun) / widths[index]
            low, high = heights[index] * 0.34, heights[index]
            after = heights[index + 1] * 0.34 if index + 1 < len(heights) else low
            up = low + (high - low) * math.sin(share / 0.66 * math.pi / 2) ** 1.5 if share < 0.66 else 0.0
            down = after + (high - after) * brushes.smooth(1 - (share - 0.66) / 0.34)
            line.append(rise - (up if share < 0.66 else down))
            x += 1
        return line

    def _shade(self, fill: Image.Image, line: list[float], tint: tuple[int, int, int]) -> None:
        """The sides that the sun does not see."""
        mask, step, unit = Image.new("L", fill.size), max(2, round(self.view.unit)), self.view.unit
        tops = [x for x in range(step, len(line) - step) if line[x] <= min(line[x - step : x + step + 1])]
        last = -len(line)
        for x in tops:
            if x - last > unit * 12:
                last = x
                face = self._face(line, x, fill.height)
                box = (x, 0, x + face.width, fill.height)
                mask.paste(ImageChops.lighter(mask.crop(box), face), (x, 0))
        fade = Image.linear_gradient("L").point([round(255 * (1 - v / 255) ** 0.8) for v in range(256)])
        mask = ImageChops.multiply(mask.filter(ImageFilter.GaussianBlur(unit * 0.35)), fade.resize(fill.size))
        fill.paste(tint, (0, 0), mask)

    def _face(self, line: list[float], x: int, tall: int) -> Image.Image:
        """One slip face: sharp where the ridge winds down from the top, lost in light further on."""
        reach = round(self.view.unit * 66)
        face = Image.new("L", (reach, tall))
        edge = [
            (reach * 0.22 * math.sin(share * 3.4) * (0.4 + share), line[x] + tall * share**0.85)
            for share in [number / 24 for number in range(25)]
        ]
        ridge = [(at - x, line[min(at, len(line) - 1)]) for at in range(x, x + reach, 2)]
        ImageDraw.Draw(face).polygon([*edge, (reach, tall), *reversed(ridge)], fill=235)
        away = (
            Image.linear_gradient("L")
            .rotate(90)
            .point([round(255 * (1 - v / 255) ** 1.3) for v in range(256)])
        )
        return ImageChops.multiply(face, away.resize(face.size))

    def draw(self, phase: float) -> Image.Image:
        picture, shift = self.backdrop.draw(phase), brushes.sway(phase)
        for index, layer in enumerate(self.layers):
            layer.draw(picture, shift)
            if index == LAYERS - 2:
                top = self.layers[-1].top - self.sand.size[1] // 2
                picture.paste(self.palette.mist, (0, top), self.sand.mask(phase))
        return picture
