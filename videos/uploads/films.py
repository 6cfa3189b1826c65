"""Checks and rewrites a short film that a person uploads as a reference.

No vendor's document says what such a film may be (docs/vendors/seedance2ai.md, row 3-13).
The limits are those of the model behind them (Seedance at Volcengine Ark): MP4 or MOV, 2
to 15 seconds, under 50 MB; sides and shape as for pictures. What is kept is an MP4 written
here, whose tracks are the ones that came; of a film that was trimmed on a phone, what the
phone shows."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from videos.media import rework
from videos.media.probe import Facts, Limits, probe
from videos.uploads.pictures import SHAPES, SIDES, BadPicture

MAX_BYTES = settings.FILE_BYTES
SECONDS = (2, 15)
SLACK = 0.1  # seconds: a film "of 15 s" has sound that ends a little later


@dataclass(frozen=True, slots=True)
class CleanedFilm:
    """An uploaded film after ``clean``. ``notes``: ``muted``, where its sound could not come along; ``cut``, where it was trimmed and what
    was hidden of it is left out."""

    facts: Facts
    notes: tuple[str, ...] = ()


def clean(path: Path, film: Path, poster: Path) -> CleanedFilm:
    """Writes the film to ``film`` and its picture (a JPEG) to ``poster``. Raises BadPicture:
    ``film_too_big``, ``film_length``, ``film_sides``, ``bad_shape``, or why it cannot be read."""
    if path.stat().st_size > MAX_BYTES:
        raise BadPicture("film_too_big", {"limit_mb": MAX_BYTES // 1_000_000})
    try:
        notes = rework.rewrap(path, film, most_bytes=MAX_BYTES, longest=SECONDS[1] + SLACK)
        facts = probe(film, "video", poster_path=poster)
    except rework.BadMedia as bad:
        raise refusal_of(bad) from None
    _check_limits(facts)
    return CleanedFilm(facts, notes)


def refusal_of(bad: rework.BadMedia) -> BadPicture:
    """Returns the BadPicture for ``bad``, with the limit and with what was found."""
    limits, values = Limits(), {"found": bad.value}
    match bad.reason:
        case "empty":
            return BadPicture("empty")
        case "truncated" | "tracks" | "too_costly":
            return BadPicture(f"film_{bad.reason}", {"limit": limits.tracks})
        case "codec":
            return BadPicture("film_codec", values | {"found": str(bad.value).upper() or "?"})
        case "fps":
            return BadPicture("film_fps", values | {"minimum": limits.fps_least, "maximum": int(limits.fps)})
        case "size":
            return BadPicture("film_size", values | {"minimum": SIDES[0], "maximum": SIDES[1]})
        case "seconds":
            return BadPicture(
                "film_length", {"seconds": bad.value, "minimum": SECONDS[0], "maximum": SECONDS[1]}
            )
    return BadPicture("not_a_film")


def _check_limits(facts: Facts) -> None:
    if not SECONDS[0] - SLACK <= facts.seconds <= SECONDS[1] + SLACK:
        raise BadPicture(
            "film_length",
            {"seconds": round(facts.seconds, 1), "minimum": SECONDS[0], "maximum": SECONDS[1]},
        )
    if min(facts.width, facts.height) < SIDES[0] or max(facts.width, facts.height) > SIDES[1]:
        size = {"width": facts.width, "height": facts.height, "minimum": SIDES[0], "maximum": SIDES[1]}
        raise BadPicture("film_sides", size)
    shape = facts.width / facts.height
    if not SHAPES[0] <= shape <= SHAPES[1]:
        raise BadPicture("bad_shape", {"shape": round(shape, 3), "minimum": SHAPES[0], "maximum": SHAPES[1]})
