"""Starts the server from command line options, for ``python -m`` and for manage.py."""

import asyncio
from typing import Any

from videos.sandbox.config import from_options
from videos.sandbox.film.measure import measure
from videos.sandbox.server import serve


def start(options: dict[str, Any]) -> None:
    """Serves until a signal stops it, or measures what films cost. Raises ValueError and OSError."""
    config = from_options(options)
    if options["measure"]:
        measure()
    else:
        asyncio.run(serve(config))
