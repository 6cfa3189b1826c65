"""Mountain ridges behind one another, mist between them, a low sun."""

from PIL import Image, ImageChops, ImageDraw

from videos.sandbox.film import brushes
from videos.sandbox.film.palettes import DAWN, mix
from videos.sandbox.film.scenery import View

LAYERS = 6


class Ridges:
    def __init__(self, view: View):
        self.view, random = view, view.random
        self.palette = palette = random.choice(DAWN)
        width, height = view.size
        self.sky = brushes.gradient(view.size, palette.sky, random)
        sun = random.uniform(0.22, 0.78) * width, height * random.uniform(0.36, 0.46)
        unit = view.unit
        brushes.glow(self.sky, sun, unit * 90, palette.light, 0.55, 2.6)
        brushes.glow(self.sky, sun, unit * 34, palette.light, 0.6, 2.2)
        brushes.disc(self.sky, sun, unit * 5.2, mix(palette.light, (255, 255, 255), 0.5))
        brushes.vignette(self.sky)
        reach = round(unit * 22)
        veil = brushes.clouds((width + reach, height * 5 // 8), (width / 1.6, height / 9), random, 4)
        drift = brushes.Drift(brushes.levels(veil, 118, 215, 105), (width, height * 5 // 8))
        self.backdrop = brushes.Veil(self.sky, drift, palette.mist)
        self.layers = [self._layer(index / (LAYERS - 1)) for index in range(LAYERS)]
        self.mists = {1: self._mist(reach, 0.25), 3: self._mist(reach, 0.75)}
        self.birds = self._flock()

    def _mist(self, reach: int, offset: float) -> brushes.Drift:
        width, height = self.view.width, round(self.view.height * 0.34)
        mist = brushes.clouds((width + reach, height), (width / 2, height / 2.7), self.view.random, 3)
        fade = Image.linear_gradient("L").point([min(v, 255 - v) * 2 for v in range(256)])
        mist = ImageChops.multiply(brushes.levels(mist, 90, 220, 190), fade.resize(mist.size))
        return brushes.Drift(mist, (width, height), offset=offset)

    def _layer(self, depth: float) -> brushes.Layer:
        width, height = self.view.size
        random, palette = self.view.random, self.palette
        travel = self.view.unit * (1.2 + 14 * depth**1.7)
        wide = width + round(travel) + 3
        top = round(height * (0.40 + 0.40 * depth**1.15))
        tall = round(height * (0.26 - 0.05 * depth))
        line = brushes.profile(wide, width / (1.5 + 1.3 * (1 - depth)), 0.47, random, 7)
        lowest, highest = min(line), max(line)
        line = [tall * (1 - (value - lowest) / (highest - lowest) * 0.92) for value in line]
        bottom = height - top
        shape = brushes.silhouette(wide, bottom, line)
        fill = brushes.shade(palette.far, palette.near, palette.mist, depth, (width, bottom), random)
        return brushes.Layer(shape, fill, top, travel)

    def _flock(self) -> list[tuple[float, float, float]]:
        random = self.view.random
        x, y = random.uniform(0.2, 0.7), random.uniform(0.16, 0.3)
        return [
            (x + random.uniform(-0.06, 0.06), y + random.uniform(-0.04, 0.04), random.random())
            for _ in range(7)
        ]

    def _draw_birds(self, picture: Image.Image, phase: float) -> None:
        unit = self.view.unit
        ink = mix(self.palette.near, self.palette.sky[1], 0.25)
        for x, y, beat in self.birds:
            lift = 0.9 * abs(((phase * 6 + beat) % 1) * 2 - 1) - 0.25
            span = unit * (0.9 + 0.5 * beat) * 4  # drawn four times as large, then made small
            mask = Image.new("L", (round(span * 2.4), round(span * 2.4)))
            middle = mask.width / 2
            wings = [
                (middle - span, middle - span * lift),
                (middle, middle),
                (middle + span, middle - span * lift),
            ]
            ImageDraw.Draw(mask).line(wings, fill=215, width=max(2, round(unit * 0.7)), joint="curve")
            at = (x + 0.05 * brushes.sway(phase)) * self.view.width, y * self.view.height
            picture.paste(ink, (round(at[0]), round(at[1])), mask.reduce(4))

    def draw(self, phase: float) -> Image.Image:
        picture, shift = self.backdrop.draw(phase), brushes.sway(phase)
        self._draw_birds(picture, phase)
        for index, layer in enumerate(self.layers):
            layer.draw(picture, shift)
            if index in self.mists:
                mist = self.mists[index]
                top = self.layers[index + 1].top - round(mist.size[1] * 0.15)
                picture.paste(self.palette.mist, (0, top), mist.mask(phase))
        return picture
