"""A47: a vendor that says the key it was given, in its answers."""

import pytest
from django.urls import reverse

from tests.attacks.secrets_kept import found_in, whole_database
from tests.builders import a_key
from tests.jobs import faulty_vendor as says
from tests.jobs.engine import drive, looked, press
from videos.models import Job, VendorKey
from videos.vendors import registry

# Nothing a pattern would know: this is what some vendors' real keys look like.
PLAIN = {slug: f"zq9{n}7f3a9c51e2d84b607a1d5e" for n, slug in enumerate(registry.VENDORS)}


def repeats_the_key(status: int):
    """A vendor that says the key it was given, in every place an answer has."""

    def behave(heard, connection):
        key = heard.headers["authorization"].removeprefix("Bearer ")
        words = f"Incorrect API key provided: {key}. Bearer {key}"
        body = {
            "code": status, "message": words, "msg": words, "error": {"message": words, "code": words},
            "detail": words, "trace_id": words, "success": False, "data": {"status": words, "error_message": words},
        }  # fmt: skip
        return says.says(body, status, x_trace=words)(heard, connection)

    return behave


PAGES = ("gallery", "prompts", "keys", "members", "usage")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("status", [200, 400, 401, 402, 429, 500])
def test_a47_a_key_that_the_vendor_repeats_is_nowhere(team, member, as_alice, vendor, book, status):
    """Five keys, one a vendor, each in the answers to a submit, a look and a test."""
    pages = []
    for slug, key in PLAIN.items():
        row = a_key(team, vendor=slug, secret=key)
        vendor.submits, vendor.looks = [repeats_the_key(status)], [repeats_the_key(status)]
        job = drive(press(member, model=next(iter(registry.vendor(slug).models)).key))
        ticket = dict(registry.vendor(slug).adopt("00000000-0000-4000-8000-000000000001"))
        # Whatever came of it: as if it had been taken, so that it is asked about with the same key.
        VendorKey.objects.filter(pk=row.pk).update(state="active", quiet_until=None)
        Job.objects.filter(pk=job.pk).update(state="running", vendor_task_id=f"task-{slug}", ticket=ticket)
        looked(job)
        pages.append(as_alice.post(reverse("key_test", args=["northlight", row.pk]), follow=True).content)
        pages.append(as_alice.get(reverse("clip", args=["northlight", job.public_id])).content)
    assert {heard.headers["authorization"] for heard in vendor.sent} == {
        f"Bearer {key}" for key in PLAIN.values()
    }
    assert len(vendor.sent + vendor.looked) >= 3 * len(PLAIN)
    pages += [as_alice.get(reverse(name, args=["northlight"])).content for name in PAGES]
    assert found_in(b"".join(pages), PLAIN) == set()
    assert found_in(book.getvalue().encode(), PLAIN) == set()
    assert found_in(whole_database(), PLAIN) == set()
