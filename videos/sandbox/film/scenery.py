"""What a scene is given and what it must do."""

from dataclasses import dataclass
from random import Random
from typing import Protocol

from PIL import Image


@dataclass(frozen=True, slots=True)
class View:
    """``width`` x ``height`` pixels to draw; ``random`` is seeded by the prompt,
    so the same words always make the same film."""

    width: int
    height: int
    random: Random
    still: bool = False

    @property
    def size(self) -> tuple[int, int]:
        return self.width, self.height

    @property
    def unit(self) -> float:
        """One hundredth of the shorter side: lengths in it suit every shape."""
        return min(self.width, self.height) / 100


class Scene(Protocol):
    def draw(self, phase: float) -> Image.Image:
        """The picture at ``phase`` 0 to 1 of the loop; 1 looks exactly like 0. Mode RGB."""
