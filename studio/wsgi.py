"""What gunicorn serves."""

import os

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")


class StudioRequest(WSGIRequest):
    """Reads the address as UTF-8, whatever charset the body is said to have. Django decodes both by
    that word, and some codecs of Python cannot decode at all: the request broke as it was made,
    outside of every middleware. (What is said is asked in videos/accounts/guard.py.)"""

    def _set_content_type_params(self, meta: dict[str, str]) -> None:
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))


class StudioHandler(WSGIHandler):
    request_class = StudioRequest


django.setup(set_prefix=False)
application = StudioHandler()
