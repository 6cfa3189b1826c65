"""What was asked beside what arrived: a vendor that sends 720p for 1080p is not silently
believed. Numbers are those the probe read from our own copy."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from videos import labels
from videos.models import Job, Output
from videos.vendors import registry
from videos.vendors.contract import Value

SECONDS_OFF = 0.6  # a last frame more or less, and a vendor's rounding, are no mismatch
SHAPE_OFF = 0.04  # 832 x 464 is somebody's 16:9
KIND_OF_K = {"1K": 1024, "2K": 2048, "4K": 4096}


@dataclass(frozen=True, slots=True)
class Fact:
    """``asked`` only where it differs from what arrived."""

    name: str
    value: str
    asked: str = ""


def wished(job: Job) -> dict[str, Value]:
    """Everything the result should have: what was asked, and what the model decides."""
    model = registry.MODELS.get(job.model)
    return {**(model.fixed if model else {}), **job.options}


def facts(job: Job, output: Output) -> list[Fact]:
    asked = wished(job)
    found = [size(asked, output)]
    if output.kind == "video":
        found += [length(asked, output), sound(asked, output)]
        found.append(Fact(_("Frames per second"), number_format(round(output.fps or 0, 2))) if output.fps else None)
        found.append(Fact(_("Format"), " + ".join(filter(None, [output.video_codec, output.audio_codec]))))
    found.append(Fact(_("File"), filesizeformat(output.bytes)))
    return [fact for fact in found if fact is not None and fact.value]


def size(asked: Mapping[str, Value], output: Output) -> Fact | None:
    if not (output.width and output.height):
        return None
    value = f"{output.width} × {output.height}"
    wrong = [text for text in (_resolution(asked, output), _shape(asked, output)) if text]
    return Fact(labels.option_name("resolution"), value, ", ".join(wrong))


def _resolution(asked: Mapping[str, Value], output: Output) -> str:
    wanted = str(asked.get("resolution", ""))
    if not wanted.endswith("p") or not wanted[:-1].isdecimal():
        return ""
    # 720p is 720 lines of a 16:9 picture; wider and taller shapes keep about its area.
    lines = (output.width * output.height * 9 / 16) ** 0.5
    return "" if 0.8 < lines / int(wanted[:-1]) < 1.25 else wanted


def _shape(asked: Mapping[str, Value], output: Output) -> str:
    wide, colon, high = str(asked.get("aspect_ratio", "")).partition(":")
    if not colon or not (wide.isdecimal() and high.isdecimal()):
        return ""
    wanted, got = int(wide) / int(high), output.width / output.height
    return "" if abs(got / wanted - 1) < SHAPE_OFF else f"{wide}:{high}"


def length(asked: Mapping[str, Value], output: Output) -> Fact | None:
    if output.seconds is None:
        return None
    wanted = asked.get("seconds")
    value = _("%(seconds)s s") % {"seconds": number_format(round(output.seconds, 1))}
    off = isinstance(wanted, int) and abs(output.seconds - wanted) > SECONDS_OFF
    return Fact(labels.option_name("seconds"), value, labels.option_value("seconds", wanted) if off else "")


def sound(asked: Mapping[str, Value], output: Output) -> Fact:
    has, wanted = bool(output.audio_codec), asked.get("audio")
    off = isinstance(wanted, bool) and wanted is not has
    return Fact(labels.option_name("audio"), labels.option_value("audio", has), labels.option_value("audio", wanted) if off else "")


def file_name(job: Job, output: Output) -> str:
    """``A lighthouse at dusk, Seedance 2.0, 2026-11-21 (2).mp4``"""
    words = " ".join(job.prompt.text.split())[:60].rstrip(" ,.;:，。") or labels.model_name(job.model)
    number = f" ({output.n + 1})" if output.n else ""
    suffix = output.file.rpartition(".")[2]
    return f"{words}, {labels.model_name(job.model)}, {job.created_at:%Y-%m-%d}{number}.{suffix}"
