"""The trash: what is in it, until when, and the way back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.formats import date_format

from tests.builders import a_job, an_output
from tests.pages import door
from tests.people import join, person, signed_in
from videos.models import Job, Role
from videos.models.clock import now
from videos.states import State
from videos.trash import queries

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
TRASH = "/t/northlight/trash/"


def thrown(team, user, text="A lighthouse", days=0.0, **fields) -> Job:
    return a_job(team, user, text, trashed_at=now() - timedelta(days=days), **fields)


def back(job: Job) -> str:
    return reverse("trash_restore", args=["northlight", job.public_id])


def test_the_doors(team, alice, charlie):
    door.check("trash", ["northlight"], stranger=charlie, post=False)
    door.check("trash_restore", ["northlight", thrown(team, alice).public_id], stranger=charlie, post=True)


def test_what_is_in_it_and_until_when(as_bob, team, alice, settings):
    settings.TRASH_DAYS = 10
    job = thrown(team, alice, "Fog over the pier", days=3)
    an_output(job)
    a_job(team, alice, "Still on the wall")
    page = as_bob.get(TRASH).content.decode()
    until = job.trashed_at + timedelta(days=10)
    assert "Fog over the pier" in page and "Still on the wall" not in page
    assert f"deleted for good on {date_format(until)}" in page
    assert "stays here for 10 days" in page
    assert reverse("clip_poster", args=["northlight", job.public_id, 0]) in page


def test_another_team_has_its_own(as_charlie, as_bob, team, alice):
    job = thrown(team, alice, "Ours alone")
    assert b"Ours alone" not in as_charlie.get("/t/elsewhere/trash/").content
    assert as_charlie.post(f"/t/elsewhere/trash/{job.public_id}/restoration/").status_code == 404
    assert Job.objects.get(pk=job.pk).trashed_at


def test_one_press_and_it_is_back(as_bob, team, alice):
    """Without JavaScript: a form, and the page again with a word about it."""
    job = thrown(team, alice, "Fog over the pier")
    assert f'action="{back(job)}"' in as_bob.get(TRASH).content.decode()
    page = as_bob.post(back(job), follow=True)
    assert page.redirect_chain == [(TRASH, 302)]
    assert b"It is back in the gallery." in page.content and b"The trash is empty" in page.content
    assert b"Fog over the pier" in as_bob.get("/t/northlight/").content


def test_with_htmx_the_line_says_so_in_its_place(as_bob, team, alice):
    job = thrown(team, alice, "<b>Fog</b>")
    reply = as_bob.post(back(job), headers=HTMX).content.decode()
    assert (
        reply.lstrip().startswith("<li")
        and "Back in the gallery: &lt;b&gt;Fog" in reply
        and "<html" not in reply
    )
    assert Job.objects.get(pk=job.pk).trashed_at is None


def test_twice_is_once(as_bob, team, alice):
    job = thrown(team, alice)
    as_bob.post(back(job))
    assert as_bob.post(back(job)).status_code == 404
    assert job.events.filter(verb="job.restored").count() == 1


@pytest.mark.parametrize(("role", "may"), [(Role.OWNER, True), (Role.MAKER, True), (Role.REVIEWER, False), (Role.VIEWER, False)])  # fmt: skip
def test_who_may_take_back(team, alice, role, may):
    job = thrown(team, alice, "Fog over the pier")
    user = person(f"A {role}".replace(" ", ""))
    join(team, user, role)
    client = signed_in(user)
    page = client.get(TRASH).content.decode()
    assert "Fog over the pier" in page and ("Take it back" in page) == may
    assert client.post(back(job)).status_code == (302 if may else 403)
    assert (Job.objects.get(pk=job.pk).trashed_at is None) == may


def test_what_is_not_settled_says_so(as_bob, team, alice):
    thrown(team, alice, state=State.UNKNOWN, kind="no_answer", days=90)
    page = as_bob.get(TRASH).content.decode()
    assert "it stays until it is" in page and "deleted for good on" not in page


def test_what_was_purged_is_gone_from_every_page(as_bob, team, alice):
    job = thrown(team, alice, "Long ago", days=40, purged_at=now())
    assert b"Long ago" not in as_bob.get(TRASH).content
    assert as_bob.post(back(job)).status_code == 404
    for name in ("clip", "clip_restore", "clip_retry"):
        url = reverse(name, args=["northlight", job.public_id])
        reply = as_bob.get(url) if name == "clip" else as_bob.post(url)
        assert reply.status_code == 404


def test_a_long_trash_comes_page_by_page_and_nothing_twice(as_bob, team, alice, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 3)
    at = now()  # several at the same moment, as a batch is thrown away
    jobs = [a_job(team, alice, f"Shot {n}.", trashed_at=at - timedelta(days=n // 4)) for n in range(8)]
    seen, url = [], TRASH
    while url:
        page = as_bob.get(url)
        entries = page.context["entries"]
        seen += [entry.job.pk for entry in entries]
        url = f"{TRASH}?before={page.context['older']}" if page.context["older"] else ""
    assert len(seen) == 8 and set(seen) == {job.pk for job in jobs}
    assert seen == [job.pk for job in sorted(jobs, key=lambda job: (job.trashed_at, job.pk), reverse=True)]


def test_the_rest_of_it_comes_alone(as_bob, team, alice, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 1)
    thrown(team, alice, "Older", days=2)
    thrown(team, alice, "Newer", days=1)
    first = as_bob.get(TRASH)
    more = as_bob.get(f"{TRASH}?before={first.context['older']}", headers=HTMX).content.decode()
    assert "Older" in more and "Newer" not in more and "<html" not in more
    assert b"That was the oldest one" in as_bob.get(f"{TRASH}?before=1.1").content
    assert b"Newer" in as_bob.get(f"{TRASH}?before=nonsense").content


def test_as_many_questions_for_many_as_for_one(as_bob, team, alice, django_assert_max_num_queries):
    for n in range(12):
        an_output(thrown(team, alice, f"Shot {n}"))
    with django_assert_max_num_queries(9):
        as_bob.get(TRASH)
