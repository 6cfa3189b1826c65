"""Which request was it? The answer, the log and the book give it one name."""

import pytest
from django.urls import reverse

from tests.builders import MODEL, a_key
from tests.jobs.engine import drive
from videos import logs
from videos.accounts.request_ids import HEADER, RequestIdMiddleware
from videos.models import Event, Job

pytestmark = pytest.mark.django_db


def press(client, **more):
    form = {"model": MODEL, "was": MODEL, "prompt": "A harbour"} | more
    return client.post(reverse("generate", args=["northlight"]), form)


def test_what_a_request_wrote_into_the_book_bears_its_name(as_bob, team):
    a_key(team)
    pressed, renamed = (
        press(as_bob),
        as_bob.post(reverse("project_new", args=["northlight"]), {"name": "Coast"}),
    )
    assert {event.request_id for event in Job.objects.get().events.all()} == {pressed.headers[HEADER]}
    assert Event.objects.get(verb="project.made").request_id == renamed.headers[HEADER]
    assert len(pressed.headers[HEADER]) == 16 and pressed.headers[HEADER] != renamed.headers[HEADER]


def test_a_press_that_was_refused_too(as_bob, team):
    answer = press(as_bob)  # there is no key
    assert Event.objects.get(verb="press.refused").request_id == answer.headers[HEADER]


def test_so_do_the_lines_that_it_logged(as_bob, book):
    answer = as_bob.get("/t/elsewhere/")
    lines = [line for line in book.getvalue().splitlines() if "refused: person" in line]
    assert [line.rpartition(" request=")[2] for line in lines] == [answer.headers[HEADER]]


def test_what_a_worker_does_is_of_no_request(as_bob, team):
    a_key(team)
    press(as_bob)
    assert logs.request_id() == ""
    drive(Job.objects.get())
    by_worker = Event.objects.exclude(worker="")
    assert by_worker.exists() and set(by_worker.values_list("request_id", flat=True)) == {""}


def test_nobody_outside_says_how_a_request_is_called(client):
    """Else one could be given the name of another, or a line of the log."""
    answer = client.get("/", headers={HEADER: "mine request=forged"})
    assert answer.headers[HEADER] not in ("", "mine request=forged")


def test_a_request_that_breaks_leaves_its_name_to_nobody(rf):
    def breaks(request):
        raise RuntimeError(logs.request_id())

    with pytest.raises(RuntimeError, match="^[0-9a-f]{16}$"):
        RequestIdMiddleware(breaks)(rf.get("/"))
    assert logs.request_id() == ""
