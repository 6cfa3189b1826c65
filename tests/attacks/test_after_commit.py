"""What was committed is answered so: whatever fails afterwards, nobody reads that it went wrong, and
presses again."""

import pytest
from django.core.cache import caches
from django.db import OperationalError
from django.template.backends.django import Template
from django.urls import reverse

from tests.attacks.doors import DOORS
from tests.attacks.house import PRESSED, everything, undone
from tests.attacks.meanwhile import removed
from tests.attacks.sendings import CHANGING, how_many, sent
from videos import audit
from videos.accounts.sessions import SessionStore
from videos.create import drafts
from videos.jobs.watching import inquiry, observe
from videos.models import Job
from videos.vendors.contract import Working

pytestmark = pytest.mark.django_db
GENERATE = reverse("generate", args=["northlight"])
WALL = reverse("gallery", args=["northlight"])
HTMX = {"HX-Request": "true"}
# No vendor answers here: what they write is that somebody asked, and the thing itself is refused.
ONLY_ASKED = ("bring_in", "clip_adopt")
DRAW = Template.render


def no_page(template: Template, *args, **kwargs) -> str:
    """Only the page that says so can be drawn."""
    if template.template.name == "500.html":
        return DRAW(template, *args, **kwargs)
    raise RuntimeError("the answer cannot be made")


def broken(*args, **kwargs):
    raise OperationalError("the database is away")


def pages(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Template, "render", no_page)


def stores(patch: pytest.MonkeyPatch) -> None:
    """The disk is full: no session, no message and nothing of the cache can be written."""
    for name in ("set", "add", "delete", "incr"):
        patch.setattr(type(caches["default"]), name, broken)
    patch.setattr(SessionStore, "save", broken)


@pytest.mark.parametrize(
    ("fails", "headers"),
    [
        pytest.param(pages, {}, id="pages", marks=pytest.mark.long),
        pytest.param(pages, HTMX, id="pages-htmx"),
        pytest.param(stores, HTMX, id="stores-htmx", marks=pytest.mark.long),
    ],
)
def test_what_is_done_is_answered_so_whatever_fails_afterwards(house, monkeypatch, fails, headers):
    def is_no_error(name):
        wrong = []
        for n in how_many(house, name):
            with undone():
                client = house.client("owner")
                client.raise_request_exception = False
                form = sent(house, name, client)[n]
                before = everything()
                with monkeypatch.context() as broken_from_here:
                    fails(broken_from_here)
                    answer = client.post(DOORS[name].url(name, house.ours), form, headers=headers)
                if everything() != before and answer.status_code >= 500:
                    wrong.append(f"form {n}: {answer.status_code}")
        assert wrong == []

    house.each([name for name in CHANGING if name not in ONLY_ASKED], is_no_error)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_a_press_whose_draft_cannot_be_deleted_is_answered_as_a_press(house, monkeypatch, headers):
    monkeypatch.setattr(drafts, "forget_pressed", broken)
    answer = house.client("owner").post(GENERATE, PRESSED | {"client_token": "one"}, headers=headers)
    assert Job.objects.filter(client_token="one").exists()
    assert answer.status_code in (200, 303)
    assert (answer.headers.get("HX-Redirect") or answer["Location"]) == WALL


@pytest.mark.parametrize("name", ["batch", "race"])
def test_a_press_of_many_whose_wishes_cannot_be_kept_is_answered_as_a_press(house, monkeypatch, name):
    client = house.client("owner")
    [form] = sent(house, name, client)
    monkeypatch.setattr(drafts, "remember_options", broken)
    monkeypatch.setattr(audit, "note", broken)
    before = Job.objects.count()
    answer = client.post(DOORS[name].url(name, house.ours), form)
    assert Job.objects.count() > before
    assert answer.status_code in (302, 303)


def test_a_press_is_answered_as_one_where_its_maker_is_removed_before_the_answer_is_drawn(house, monkeypatch):
    real = drafts.forget_pressed

    def removed_first(member, *more):
        removed(member)
        return real(member, *more)

    monkeypatch.setattr(drafts, "forget_pressed", removed_first)
    answer = house.client("owner").post(GENERATE, PRESSED | {"client_token": "one"})
    assert Job.objects.filter(client_token="one").exists() and answer.status_code == 303


def test_what_a_vendor_said_of_an_adopted_task_may_be_written_down_later(house, monkeypatch):
    monkeypatch.setattr(inquiry, "ask", lambda key, about: Working())
    monkeypatch.setattr(observe, "conclude_known", broken)
    url = DOORS["clip_adopt"].url("clip_adopt", house.ours)
    answer = house.client("owner").post(url, {"task_id": "task-1"})
    job = Job.objects.get(pk=house.ours.lost.pk)
    assert (answer.status_code, job.state, job.vendor_task_id) == (302, "running", "task-1")
