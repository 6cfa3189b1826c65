"""Lists what is known of a result's file, and builds the name under which it is downloaded.

Where the file differs from what was asked was found when it was probed (``Output.differs``).
"""

from dataclasses import dataclass

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from videos import labels
from videos.media.shape import suggested_suffix
from videos.media.store import Store
from videos.models import Job, Output


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known of a file. ``off``: it is not what was asked for."""

    name: str
    value: str
    off: bool = False


def facts(output: Output) -> list[Fact]:
    """The facts of one output that have a value."""
    off = {name for name, _asked, _got in output.differs}
    size = f"{output.width} × {output.height}" if output.width and output.height else ""
    found = [Fact(labels.option_name("resolution"), size, bool(off & {"resolution", "aspect_ratio"}))]
    if output.kind == "video":
        codecs = " + ".join(filter(None, [output.video_codec, output.audio_codec]))
        found += [
            Fact(labels.option_name("seconds"), seconds(output.seconds), "seconds" in off),
            Fact(
                labels.option_name("audio"),
                labels.option_value("audio", bool(output.audio_codec)),
                "audio" in off,
            ),
            Fact(_("Frames per second"), number_format(shorten(output.fps)) if output.fps else ""),
            Fact(_("Format"), codecs),
        ]
    found.append(Fact(_("File"), filesizeformat(output.bytes)))
    return [fact for fact in found if fact.value]


def seconds(value: float | None) -> str:
    """A length in seconds with its unit; empty where it is unknown."""
    return "" if value is None else _("%(seconds)s s") % {"seconds": number_format(shorten(value))}


def shorten(value: float) -> float | int:
    """Rounds to one decimal: 5.0 and 5.04 become 5, 12.1 stays 12.1."""
    short = round(value, 1)
    return int(short) if short == int(short) else short


def unchecked_name(output: Output) -> str:
    """The file name of an output that could not be opened, with the suffix that its first bytes suggest, so
    that another program recognises it; ``bin`` where they suggest none."""
    try:
        with Store(settings.MEDIA).open(output.file) as file:
            return file_name(output.job, output, suggested_suffix(file.read(16)))
    except FileNotFoundError:
        return file_name(output.job, output)


def file_name(job: Job, output: Output, suffix: str = "") -> str:
    """``A lighthouse at dusk, Seedance 2.0, 2026-11-21 (2).mp4``"""
    words = " ".join(job.prompt.text.split())[:60].rstrip(" ,.;:，。") or labels.model_name(job.model)
    number = f" ({output.n + 1})" if output.n else ""
    suffix = suffix or output.file.rpartition(".")[2]
    return f"{words}, {labels.model_name(job.model)}, {job.created_at:%Y-%m-%d}{number}.{suffix}"
