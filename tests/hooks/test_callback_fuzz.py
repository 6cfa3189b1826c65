"""Whatever a stranger posts to the address of a callback: a small answer, and nothing moves (A41)."""

import json

import pytest
from django.core.cache import caches
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import a_job, a_key
from tests.vendors.test_fuzz import trees
from videos import vault
from videos.models import Job
from videos.states import State
from videos.vendors import registry

pytestmark = pytest.mark.django_db
LAX = {"deadline": None, "derandomize": True, "suppress_health_check": list(HealthCheck)}
CALLING = [slug for slug, vendor in registry.VENDORS.items() if vendor.callback]
TYPES = ["application/json", "application/json; charset=utf-16", "text/xml", "multipart/form-data", "", "application/JSON", "\x00"]  # fmt: skip
bodies = st.one_of(st.binary(max_size=300), trees.map(lambda tree: json.dumps(tree).encode()))
heads = st.dictionaries(
    st.sampled_from(["Content-Encoding", "X-Forwarded-For", "Host"]),
    st.sampled_from(["", "gzip", "identity", "127.0.0.1", "a" * 300]), max_size=2,
)  # fmt: skip
WATCHED = ("state", "money", "version", "vendor_task_id", "charge", "kind", "ended_at")


@pytest.fixture
def waiting(team, alice):
    """A job of each calling vendor whose answer was lost, and the address it is called back at."""
    found = []
    for slug in CALLING:
        token, token_hash = vault.mint()
        key, model = a_key(team, vendor=slug, secret=f"rehearsal-{slug}"), registry.vendor(slug).models[0].key
        job = a_job(team, alice, state=State.UNKNOWN, key=key, model=model, callback_hash=token_hash)
        found.append((job, f"/hooks/{slug}/{token}/"))
    return found


def posted(waiting, which, body, content_type, sent, whole=True):
    job, url = waiting[which % len(waiting)]
    before = Job.objects.filter(pk=job.pk).values(*WATCHED).get()
    caches["default"].clear()  # or it would soon be "too many"
    with transaction.atomic():
        client = Client(raise_request_exception=False)
        answer = client.generic("POST", url if whole else f"{url[:-9]}/", body, content_type, headers=sent)
        assert Job.objects.filter(pk=job.pk).values(*WATCHED).get() == before
        transaction.set_rollback(True)
    return answer.status_code


@settings(max_examples=40, **LAX)
@given(
    which=st.integers(0, 9), body=bodies, content_type=st.sampled_from(TYPES), sent=heads, whole=st.booleans()
)
def test_a41_no_callback_breaks_or_decides(waiting, which, body, content_type, sent, whole):
    assert posted(waiting, which, body, content_type, sent, whole) in (200, 400, 404, 413, 415)


@pytest.mark.long
@pytest.mark.timeout(1800)
@settings(max_examples=20_000, **(LAX | {"derandomize": False}))
@given(which=st.integers(0, 9), body=bodies, sent=heads)
def test_a41_nor_however_often_it_is_tried(waiting, which, body, sent):
    assert posted(waiting, which, body, "application/json", sent) in (200, 400, 413, 415)
