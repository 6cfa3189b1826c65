"""From options to a running server; the command line and manage.py share it."""

import asyncio
from typing import Any

from videos.sandbox.config import from_options
from videos.sandbox.film.measure import measure
from videos.sandbox.server import serve


def start(options: dict[str, Any]) -> None:
    """Serves until it is told to stop, or measures. Raises ValueError and OSError."""
    config = from_options(options)
    if options["measure"]:
        measure()
    else:
        asyncio.run(serve(config))
