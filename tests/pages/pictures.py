"""Pictures for pages: as a browser sends them, and as rows."""

import hashlib
import io
from functools import cache

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.uploads.cleaning import Made, clean
from videos.media.store import Store
from videos.models import Team, Upload, User

COLOURS = ("black", "teal", "orange", "purple")


@cache
def png(n: int = 1, size: tuple[int, int] = (640, 480)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, COLOURS[n]).save(out, "PNG")
    return out.getvalue()


def a_file(n: int = 1, name: str = "harbour.png", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, png(n) if data is None else data, "image/png")


@cache
def cleaned_png(n: int) -> Made:
    return clean(png(n))


def an_upload(team: Team, user: User, n: int = 1) -> Upload:
    cleaned = cleaned_png(n)
    return Upload.objects.create(
        team=team, sha256=cleaned.sha256, file=Store(settings.MEDIA).put(cleaned.data, ".png"), bytes=len(cleaned.data),
        media_type=cleaned.media_type, width=cleaned.width, height=cleaned.height, name=f"picture-{n}.png",
        created_by=user,
    )  # fmt: skip


def a_film_upload(team: Team, user: User, seconds: float = 3.0, **more) -> Upload:
    """A row and two files; what is in them is nobody's business here."""
    store, film = Store(settings.MEDIA), b"a film of " + team.slug.encode()
    columns = {
        "file": store.put(film, ".mp4"), "poster": store.put(png(2), ".jpg"), "bytes": len(film),
        "media_type": "video/mp4", "width": 1280, "height": 720, "name": "boat.mp4", "seconds": seconds,
        "sha256": hashlib.sha256(film).hexdigest(), "created_by": user,
    }  # fmt: skip
    return Upload.objects.create(team=team, **(columns | more))


def a_table(data: bytes, name: str = "table.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "text/csv")
