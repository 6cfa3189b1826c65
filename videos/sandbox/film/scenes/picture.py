"""A film that begins as somebody's picture: the camera moves into it and back, in drifting light."""

from PIL import Image, ImageOps

from videos.sandbox.film import brushes
from videos.sandbox.film.scenery import Scene, View

PUSH = 0.045  # share of the picture's width that the camera goes in


def cover(picture: Image.Image, size: tuple[int, int], spare: float = 1.0) -> Image.Image:
    """``picture`` cropped in its middle to ``size`` (times ``spare``), as RGB."""
    wanted = round(size[0] * spare), round(size[1] * spare)
    return ImageOps.fit(picture.convert("RGB"), wanted, Image.Resampling.LANCZOS)


class Journey:
    """The first frame is the picture itself, so that a film continues where another ended."""

    def __init__(self, view: View, picture: Image.Image):
        self.view = view
        self.ground = cover(picture, view.size, 1.25)
        self.focus = view.random.uniform(0.35, 0.65), view.random.uniform(0.35, 0.6)
        self.motes = [
            (view.random.random(), view.random.random(), view.random.random(), view.random.uniform(0.5, 1.3))
            for _ in range(26)
        ]
        self.spark = brushes.Sprite(brushes.falloff(2.4))

    def draw(self, phase: float) -> Image.Image:
        going = brushes.sway(phase)
        width, height = self.ground.size
        cut = PUSH * going
        left, top = width * cut * self.focus[0], height * cut * self.focus[1]
        box = left, top, left + width * (1 - cut), top + height * (1 - cut)
        picture = self.ground.resize(self.view.size, Image.Resampling.BILINEAR, box)
        for x, y, start, size in self.motes:
            life = (phase + start) % 1
            light = brushes.smooth(min(life, 1 - life) * 4) * going * 0.7
            mask = self.spark.at(self.view.unit * size, self.view.unit * size, light)
            at = (x + 0.04 * life) % 1 * self.view.width, (y - 0.05 * life) % 1 * self.view.height
            picture.paste((255, 244, 214), (round(at[0]), round(at[1])), mask)
        return picture


class Between:
    """The way from a scene (as it stands at ``phase``) to the end picture; 1 is the picture itself."""

    def __init__(self, scene: Scene, phase: float, picture: Image.Image):
        self.origin = scene.draw(phase)
        self.goal = cover(picture, self.origin.size)

    def draw(self, phase: float) -> Image.Image:
        return Image.blend(self.origin, self.goal, brushes.smooth(phase))
