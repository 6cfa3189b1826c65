"""Northern lights over a still lake: curtains that wander, stars that breathe."""

from PIL import Image, ImageChops, ImageFilter

from videos.sandbox.film import brushes
from videos.sandbox.film.palettes import NIGHT, Colour, colour
from videos.sandbox.film.scenery import View

LIGHTS = (
    (colour("3dffb0"), colour("3fd0ff"), colour("a86bff")),
    (colour("4dffd2"), colour("7a8dff"), colour("ff6bd6")),
    (colour("9dff7a"), colour("35e6c0"), colour("5a8cff")),
)
SHORE = 0.70  # of the height: where land meets water


class Aurora:
    def __init__(self, view: View):
        self.view, random = view, view.random
        self.palette = palette = random.choice(NIGHT[:3])
        width, height = view.size
        self.shore = round(height * SHORE)
        sky = brushes.gradient((width, self.shore), palette.sky[:3], random)
        self.stars = [
            (random.random() * width, random.random() ** 1.4 * self.shore, random.random(), random.random())
            for _ in range(150)
        ]
        for x, y, size, _ in self.stars:
            brushes.glow(
                sky, (x, y), view.unit * (0.25 + 0.5 * size**4), palette.light, 0.35 + 0.6 * size, 1.6
            )
        self.sky = sky
        tints = random.choice(LIGHTS)
        self.curtains = [self._curtain(tints[index], index) for index in range(3)]
        self.hills = [self._hill(depth) for depth in (0.35, 1.0)]
        self.dark = brushes.gradient((width, height - self.shore), (palette.sky[2], palette.sky[0]), random)
        ramp = Image.linear_gradient("L").point([round(60 + v * 0.62) for v in range(256)])
        self.depth = ramp.resize((width, height - self.shore))
        self.kept: tuple[int, Image.Image] | None = None

    def _curtain(self, tint: Colour, index: int) -> tuple[Colour, brushes.Drift]:
        """Rays of light: noise along the width, drawn out in height, hung from a wandering line."""
        width, random = self.view.width, self.view.random
        reach = round(self.view.unit * 20)
        wide, tall = width + reach, round(self.shore * 0.72)
        fine = brushes.clouds((wide, 4), (self.view.unit * 4.5, 4), random, 3)
        broad = brushes.levels(brushes.clouds((wide, 4), (width / 3.2, 4), random, 2), 70, 190)
        rays = ImageChops.multiply(brushes.levels(fine, 40, 215), broad).resize((wide, tall))
        fall = [round(255 * brushes.smooth((1 - v / 255) * 9) * (v / 255) ** 1.5) for v in range(256)]
        rays = ImageChops.multiply(rays, Image.linear_gradient("L").point(fall).resize((wide, tall)))
        line = brushes.profile(wide, width / 2.4, 0.35, random, 3)
        veil = Image.new("L", (wide, self.shore))
        top = self.shore * (0.02 + 0.06 * index)
        for x in range(0, wide, 2):
            drop = round(top + (line[x] - 0.5) * self.shore * 0.42)
            veil.paste(rays.crop((x, 0, x + 2, tall)), (x, drop))
        strength = (0.95, 0.7, 0.62)[index]
        veil = veil.filter(ImageFilter.GaussianBlur(self.view.unit * 0.35)).point(
            lambda v: round(v * strength)
        )
        return tint, brushes.Drift(veil, (width, self.shore), steps=32, offset=index * 0.31)

    def _hill(self, depth: float) -> brushes.Layer:
        width, unit = self.view.width, self.view.unit
        tall = round(unit * (17 - 7 * depth))
        travel = unit * (1.5 + 4 * depth)
        wide = width + round(travel) + 3
        line = brushes.profile(wide, width / (2.2 + depth), 0.46, self.view.random, 6)
        low, high = min(line), max(line)
        line = [tall * (0.95 - 0.9 * (value - low) / (high - low)) for value in line]
        shape = brushes.silhouette(wide, tall, line)
        palette = self.palette
        fill = brushes.shade(palette.far, palette.near, palette.mist, depth, (width, tall), self.view.random)
        return brushes.Layer(shape, fill, self.shore - tall, travel)

    def _heaven(self, phase: float) -> Image.Image:
        """The sky with its lights; repainted when a curtain moved."""
        step = int(phase * 32)
        if self.kept is None or self.kept[0] != step:
            picture = self.sky.copy()
            for tint, curtain in self.curtains:
                picture.paste(tint, (0, 0), curtain.mask(phase))
            self.kept = step, picture
        return self.kept[1].copy()

    def draw(self, phase: float) -> Image.Image:
        width, height = self.view.size
        land, shift = self._heaven(phase), brushes.sway(phase)
        for hill in self.hills:
            hill.draw(land, shift)
        picture = Image.new("RGB", self.view.size)
        picture.paste(land, (0, 0))
        water = brushes.reflect(land, height - self.shore, phase, self.view.unit)
        water.paste(self.dark, (0, 0), self.depth)
        picture.paste(water, (0, self.shore))
        return picture
