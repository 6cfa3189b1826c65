"""Runs the sandbox without Django: ``python -m videos.sandbox``."""

import argparse

from videos.sandbox.config import add_arguments
from videos.sandbox.start import start

if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        prog="python -m videos.sandbox", description="A stand-in for five video vendors."
    )
    add_arguments(parser)
    try:
        start(vars(parser.parse_args()))
    except (ValueError, OSError) as problem:
        parser.error(str(problem))
