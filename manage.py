#!/usr/bin/env python
"""The door for commands."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
    from studio.commands import main

    sys.exit(main(sys.argv))
