"""Defines the WSGI application that gunicorn serves."""

import os

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")


class StudioRequest(WSGIRequest):
    """Decodes the URL as UTF-8, whatever charset the Content-Type names. Django uses that charset for
    both, and some of Python's codecs cannot decode text at all: making the request then raised an
    exception outside of every middleware. (videos/accounts/guard.py checks the charset.)"""

    def _set_content_type_params(self, meta: dict[str, str]) -> None:
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))


class StudioHandler(WSGIHandler):
    request_class = StudioRequest


django.setup(set_prefix=False)
application = StudioHandler()
