"""The smallest Django that hands out one file, for a real gunicorn in front."""

import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import path

from videos.media.serve import serve


def film(request):
    return serve(request, Path(os.environ["SERVED_FILE"]), content_type="video/mp4", etag="abc")


urlpatterns = [path("film", film)]
if not settings.configured:
    settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="x")
application = get_wsgi_application()
