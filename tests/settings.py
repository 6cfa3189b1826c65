"""The studio's own settings, read from an environment that is the same on every machine.

What differs from a real studio: durations run at a twentieth, passwords hash fast, and static
files are served from where they lie. Database, queue and middleware are the real ones.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

for name in list(os.environ):
    if name.startswith(("STUDIO_", "VENDOR_", "FIELD_", "REDIS_", "EMAIL_")):
        del os.environ[name]

# One data folder per process, so pytest's workers never meet.
FOLDER = Path(tempfile.mkdtemp(prefix="studio-tests-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)

os.environ |= {
    "STUDIO_DATA": str(FOLDER),
    "STUDIO_DEMO": "0",
    "STUDIO_TIME_SCALE": "20",
    "STUDIO_SECRET_KEY": "tests-and-nothing-else",
    "FIELD_ENCRYPTION_KEYS": "dGVzdHMtYW5kLW5vdGhpbmctZWxzZS0zMi1ieXRlcyE=",
    "STUDIO_ACCOUNT_PEPPER": "tests-and-nothing-else",
    "STUDIO_LOG_LEVEL": "WARNING",
    "STUDIO_PRESSES_PER_MINUTE": "0",  # tests press faster than people
}

from studio.settings import *  # noqa: E402, F403
from studio.settings import DATABASES, PASSWORD_HASHERS, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
(FOLDER / "static").mkdir()  # whitenoise complains about a folder that nobody has collected into
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: threads and processes share it, as they do in a real studio.
    DATABASES["default"]["TEST"] = {"NAME": str(FOLDER / "test.sqlite3")}
