"""A long film's stand-in for a real player: ten minutes of silence, as sound that is not compressed."""

import struct
from pathlib import Path

RATE, SECONDS = 44_100, 600  # 106 MB: more than a player and both ends of a line hold


def write(file: Path) -> None:
    size = RATE * SECONDS * 4
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        36 + size,
        b"WAVE",
        b"fmt ",
        16,
        1,
        2,
        RATE,
        RATE * 4,
        4,
        16,
        b"data",
        size,
    )
    with file.open("wb") as out:
        out.write(head)
        out.truncate(len(head) + size)
