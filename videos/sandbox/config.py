"""Holds the settings of a sandbox and the command line options for them."""

import argparse
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SandboxConfig:
    """The settings of one sandbox. ``port`` 0 takes a free one. ``speed`` divides every duration. ``studio`` is the
    address whose pictures and callbacks count as public; ``trusted`` are more of
    them as ``host:port``. ``names`` are more host names that it answers to. Seconds are sandbox
    seconds; ``link_seconds`` are real ones."""

    data: Path
    host: str = "127.0.0.1"
    port: int = 8765
    speed: float = 1.0
    studio: str = "http://127.0.0.1:8000"
    trusted: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    film_seconds: tuple[float, float] = (12.0, 25.0)
    still_seconds: tuple[float, float] = (5.0, 11.0)
    link_seconds: float = 24 * 3600.0
    credit: Decimal = Decimal(100_000)
    cache_bytes: int = 1_500_000_000
    fetch_seconds: float = 10.0
    fetch_bytes: int = 30_000_000  # upstream takes pictures below 30 MB (Volcengine Ark)
    film_bytes: int = 50_000_000  # and films below 50 MB


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``manage.py sandbox`` and of ``python -m videos.sandbox``."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=int, default=8765, help="port to listen on, 0 for a free one (%(default)s)"
    )
    parser.add_argument(
        "--data", type=Path, default=Path("var/sandbox"), help="where tasks, ledger and films are kept"
    )
    parser.add_argument("--speed", type=float, default=1.0, help="20 makes everything twenty times faster")
    parser.add_argument(
        "--studio", default="http://127.0.0.1:8000", help="the studio's own address; counts as public"
    )
    parser.add_argument(
        "--trust", action="append", default=[], metavar="HOST:PORT", help="another such address"
    )
    parser.add_argument(
        "--name", action="append", default=[], metavar="HOST", help="another name that it is called by"
    )
    parser.add_argument(
        "--measure", action="store_true", help="print what films cost in CPU seconds, and stop"
    )


def from_options(options: dict) -> SandboxConfig:
    """Builds the settings from command line options. Raises ValueError, with a sentence, for an option
    that makes no sense."""
    if options["speed"] <= 0:
        raise ValueError("--speed must be greater than 0")
    if not 0 <= options["port"] <= 65_535:
        raise ValueError("--port must be from 0 to 65535")
    config = SandboxConfig(data=Path(options["data"]).resolve())
    same = {name: options[name] for name in ("host", "port", "speed", "studio")}
    names = tuple(name.lower() for name in options["name"])
    return replace(config, trusted=tuple(options["trust"]), names=names, **same)
