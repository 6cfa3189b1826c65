"""Measures T12: facts and poster of a film, in our limited child process against the command line;
and T15: from "the vendor has made it" to "ours", against the bare download."""

import resource
import shutil
import subprocess
import tempfile
from pathlib import Path

from bench.deployment import Deployment
from bench.measuring import Row, cpu, interleaved
from bench.stub import stub
from tests.media.films import box, film
from videos.media.probe import probe

LOOKS = 5
LINK = 8_000_000  # bytes a second: a good office line
BYTES = 16_000_000


def ours(path: Path) -> float:
    began = cpu(resource.RUSAGE_CHILDREN)
    for _ in range(LOOKS):
        probe(path, "video", poster_path=path.with_suffix(".jpg"))
    return (cpu(resource.RUSAGE_CHILDREN) - began) / LOOKS


def command_line(path: Path) -> float:
    poster = str(path.with_suffix(".jpg"))
    began = cpu(resource.RUSAGE_CHILDREN)
    for _ in range(LOOKS):
        _quietly("ffprobe", "-v", "error", "-of", "json", "-show_format", "-show_streams", str(path))
        _quietly(
            "ffmpeg", "-v", "error", "-y", "-threads", "1", "-i", str(path), "-frames:v", "1",
            "-vf", "scale=640:-2", poster,
        )  # fmt: skip
    return (cpu(resource.RUSAGE_CHILDREN) - began) / LOOKS


def _quietly(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def against_the_command_line() -> list[Row]:
    what = "CPU for facts and poster of 5 s at 1080p: limited child process / ffprobe + ffmpeg"
    with tempfile.TemporaryDirectory() as folder:
        path = film(Path(folder) / "film.mp4", size=(1920, 1080), frames=120)
        if not (shutil.which("ffprobe") and shutil.which("ffmpeg")):
            (mine,) = interleaved(lambda: ours(path))
            return [
                Row("T12", what, "not measured: no ffprobe and ffmpeg here", f"{mine * 1e3:.0f} ms", most=1.2)
            ]
        base, mine = interleaved(lambda: command_line(path), lambda: ours(path))
    return [Row("T12", what, f"{base * 1e3:.0f} ms", f"{mine * 1e3:.0f} ms", mine / base, most=1.2)]


def made_to_stored() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        path = film(Path(folder) / "film.mp4", size=(1280, 720), frames=120)
        with path.open("ab") as file:  # a box that players skip, so that there is something to fetch
            file.write(box(b"free", bytes(BYTES - path.stat().st_size - 8)))
        with stub("--file", str(path), "--rate", str(LINK)) as port, Deployment(port) as deployment:
            found = deployment.measure("store", path, 5)
    return [
        Row(
            "T15", f"{BYTES / 1e6:.0f} MB at {LINK / 1e6:.0f} MB/s, made to stored / bare download, medians",
            f"{found['bare']:.2f} s", f"{found['ours']:.2f} s", found["ours"] / found["bare"], most=1.3,
        )
    ]  # fmt: skip
