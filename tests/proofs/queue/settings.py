"""A project that is nothing but a queue. What a test wants of it stands in the environment."""

import json
import os

import environ

SECRET_KEY = os.environ["QUEUE_SECRET"]
INSTALLED_APPS = ["django_q"]
DATABASES = {"default": environ.Env().db_url("QUEUE_DATABASE")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = json.loads(os.environ.get("QUEUE_SQLITE", "{}"))
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
Q_CLUSTER = json.loads(os.environ["QUEUE_CLUSTER"])
