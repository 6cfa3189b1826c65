"""The one Django application of the studio."""

from django.apps import AppConfig


class VideosConfig(AppConfig):
    name = "videos"
    label = "videos"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from videos import checks  # noqa: F401  (system checks register themselves)
