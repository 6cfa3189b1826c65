"""A10, A12, A28: nobody tells the studio where to go, and no path goes round a page."""

import socket
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from tests.attacks.house import PRESSED
from tests.jobs.engine import fresh
from videos.jobs import freeze
from videos.jobs.account import routes
from videos.media.store import Store
from videos.models import Job, VendorKey

pytestmark = pytest.mark.django_db
FIELDS = (
    "picture.start",
    "picture.end",
    "picture.reference",
    "image_url",
    "url",
    "option.image_url",
    "parent",
    "key",
)


@pytest.fixture
def canary():
    """An inner server that nobody has a reason to call, and how often it was."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)

        def calls() -> int:
            try:
                listening.accept()
            except BlockingIOError:
                return 0
            return 1

        yield f"http://127.0.0.1:{listening.getsockname()[1]}/inner.png", calls


def test_a10_an_address_in_the_form_is_no_picture_and_nobody_fetches_it(house, canary):
    address, calls = canary
    maker = house.client("maker")
    for name in FIELDS:
        maker.post(reverse("generate", args=["northlight"]), PRESSED | {"client_token": name, name: address})
        maker.post(reverse("draft", args=["northlight"]), PRESSED | {name: address})
        maker.get(reverse("gallery", args=["northlight"]), {"from": address, "picture": address})
    maker.post(reverse("uploads", args=["northlight"]), {"file": address})
    made = Job.objects.filter(user=house.people["maker"])
    assert made.exists() and calls() == 0
    for job in made:
        assert not job.pictures.exists() and address.encode() not in (freeze.thaw(fresh(job)).body or b"")


def test_a10_the_canary_would_have_been_heard(canary):
    address, calls = canary
    with socket.create_connection(("127.0.0.1", int(address.split(":")[2].partition("/")[0]))):
        assert calls() == 1


def test_a12_no_form_says_where_a_key_is_sent(house, canary):
    address, calls = canary
    owner = house.client("owner")
    form = {"vendor": "defapi", "kind": "rehearsal", "owner": "team", "key": "rehearsal-a12", "sure": "on"}
    where = dict.fromkeys(("base_url", "url", "host", "address", "endpoint", "proxy"), address)
    assert owner.post(reverse("keys", args=["northlight"]), form | where).status_code == 302
    key = VendorKey.objects.get(vendor="defapi")
    owner.post(reverse("key_rename", args=["northlight", key.pk]), {"label": address} | where)
    owner.post(reverse("team_rename", args=["northlight"]), {"name": "Northlight"} | where)
    assert routes.route("defapi", rehearsal=True).base_url == settings.SANDBOX_URL + "/defapi"
    assert not [
        field.name for field in VendorKey._meta.get_fields() if "url" in field.name or "host" in field.name
    ]
    assert calls() == 0


def test_a28_no_path_leads_to_a_file_past_its_page(house, client):
    """The store is under no address, and a film's own page asks who is there (A13)."""
    output = house.ours.clip.outputs.get(kind="video")
    path = Store(settings.MEDIA).path(output.file)
    inside = Path(path).relative_to(settings.MEDIA)
    for who in ("anonymous", "stranger", "owner"):
        visitor = house.client(who)
        for before in ("/media/", "/static/", "/_files/", "/files/", "/t/northlight/", "/static/../media/"):
            for name in (output.file, str(inside), str(path)):
                assert visitor.get(before + name.lstrip("/")).status_code == 404
    film = reverse("clip_file", args=["northlight", house.ours.clip.public_id, output.n])
    assert [house.client(who).get(film).status_code for who in ("anonymous", "stranger")] == [302, 404]
    assert house.client("viewer").get(film).status_code == 200
