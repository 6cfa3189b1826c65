"""Colour schemes, mixed by eye: a sky from zenith to horizon and what stands before it."""

from dataclasses import dataclass

Colour = tuple[int, int, int]


def colour(text: str) -> Colour:
    """``"1d2b4f"`` to ``(29, 43, 79)``."""
    return int(text[0:2], 16), int(text[2:4], 16), int(text[4:6], 16)


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """``a`` at share 0, ``b`` at share 1, straight between."""
    return tuple(round(x + (y - x) * share) for x, y in zip(a, b, strict=True))


@dataclass(frozen=True, slots=True)
class Palette:
    sky: tuple[Colour, ...]
    light: Colour  # the sun or moon, and what it touches
    far: Colour
    near: Colour
    mist: Colour


def _palette(sky: str, light: str, far: str, near: str, mist: str) -> Palette:
    return Palette(
        tuple(colour(part) for part in sky.split()), colour(light), colour(far), colour(near), colour(mist)
    )


DAWN = (
    _palette("22335f 5b6fa6 d99a86 ffd29a", "fff0cc", "a48ba6", "151a2b", "eeb795"),  # copper dawn
    _palette("4a5eac 98a1dc e6c5de ffe7d2", "fffaf0", "a9a4d2", "262a4c", "e9cfe0"),  # lilac morning
    _palette("16394a 43908a b9dcbd ffeccb", "fffbe6", "82b6a4", "06211f", "cfe4c8"),  # jade valley
    _palette("2b1942 8d4180 ef8b8d ffd3b2", "fff1da", "a4618e", "1c0d25", "f0a6a0"),  # rose evening
    _palette("2a3038 566270 ada28c f6da90", "fff4cf", "8b8a80", "0e1114", "cdbd94"),  # gold after the storm
    _palette("1b4f86 5aa0cf b8dcea fdf3dc", "ffffff", "86abc6", "10263a", "d8e8ec"),  # clear morning
)
NIGHT = (
    _palette("040916 0a1830 16325a 2c5a80", "dff3ff", "1f3f63", "03060d", "2d5c7f"),  # blue hour
    _palette("07051a 1a1040 3c2266 70408a", "f7e6ff", "3a2560", "05030f", "6a4590"),  # violet night
    _palette("030d12 08262d 0f4a50 2c7d76", "e4fff4", "12444a", "02080a", "2b746e"),  # deep green
    _palette("0a0710 24101f 54202d 9a4a36", "ffe4bd", "4a2230", "080509", "8a4638"),  # ember
)
DESERT = (
    _palette("3f6fa8 8fb2cf f0d2ae ffdf9f", "fff3cf", "dca57a", "5a2a1c", "f6cf9d"),  # noon sand
    _palette("2b1d4e 84406f ea7f5f ffc27a", "ffe7b0", "bf6a5a", "2a1020", "f19a70"),  # red evening
    _palette("1c2c52 5d6ea0 cfa7a6 f7cfa2", "fff0d8", "a98592", "211a30", "d9b0a4"),  # blue dusk
    _palette("6d5a86 c79aa0 f5cfa4 fff0c9", "fffbe8", "d9a888", "4b2c33", "f7dbb8"),  # pale gold
)
