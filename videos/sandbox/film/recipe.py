"""What a film or a still is made of: plain data that crosses a pipe as JSON."""

import hashlib
import json
from dataclasses import asdict, dataclass, field

LOOK = 3  # part of every name in the cache; a change of the look counts it up
FPS = 24


@dataclass(frozen=True, slots=True)
class Reference:
    """``role`` is ``start``, ``end`` or ``reference``; ``digest`` names the file in the picture store."""

    role: str
    digest: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """``kind`` is ``video`` or ``still``; ``form`` is mp4, png or jpeg. ``variant``
    tells the pictures of one order apart."""

    prompt: str
    width: int
    height: int
    kind: str = "video"
    form: str = "mp4"
    frames: int = 0
    sound: bool = False
    seed: int = 0
    variant: int = 0
    last_frame: bool = False
    references: tuple[Reference, ...] = field(default=())

    @property
    def name(self) -> str:
        """The same ingredients have the same name: films are made once."""
        text = json.dumps([LOOK, asdict(self)], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    @property
    def file(self) -> str:
        return f"{self.name}.{'jpg' if self.form == 'jpeg' else self.form}"

    @property
    def last_frame_file(self) -> str:
        return f"{self.name}-last.png"

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Recipe":
        values = json.loads(text)
        references = tuple(Reference(**one) for one in values.pop("references"))
        return cls(**values, references=references)
