import re
from copy import copy
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.db import connection

from tests.builders import a_job, a_key, a_project, a_prompt, an_output
from tests.pages import door
from tests.people import join, person, signed_in
from videos.history.queries import PAGE, matching_prompts, read_cursor, write_cursor
from videos.models import Job, Membership, Prompt, Role
from videos.models.clock import now
from videos.states import State
from videos.vendors import registry

pytestmark = pytest.mark.django_db
URL = "/t/northlight/prompts/"


def ask(client, **query):
    return client.get(URL + ("?" + urlencode(query) if query else ""))


def texts(answer):
    return [entry.prompt.text for entry in answer.context["entries"]]


def ago(**delta):
    return now() - timedelta(**delta)


@pytest.fixture
def many(team, alice):
    """Fifty prompts, five of each second: ties are where pages lose or repeat a row."""
    start = ago(hours=1)
    for number in range(50):
        a_job(team, alice, f"Shot {number:02}", created_at=start + timedelta(seconds=number // 5))


def test_the_door(team, alice, charlie):
    door.check("prompts", ["northlight"], stranger=charlie, post=False)


class TestWhatIsShown:
    def test_each_prompt_once_newest_use_first(self, as_alice, team, alice):
        a_job(team, alice, "Older", created_at=ago(hours=3))
        a_job(team, alice, "Newer", created_at=ago(hours=2))
        a_job(team, alice, "Older", created_at=ago(hours=1))
        Prompt.objects.filter(text="Older").update(used_at=ago(hours=1))
        assert texts(ask(as_alice)) == ["Older", "Newer"]

    def test_how_often_and_how_well(self, as_alice, team, alice):
        for state in (
            State.SUCCEEDED,
            State.SUCCEEDED,
            State.FAILED,
            State.LOST,
            State.CANCELED,
            State.RUNNING,
        ):
            a_job(team, alice, state=state)
        (entry,) = ask(as_alice).context["entries"]
        assert (entry.made, entry.tried, entry.going) == (2, 4, 1)
        page = ask(as_alice).content.decode()
        assert "2 made of 4" in page and "1 in the making" in page

    def test_the_picture_of_the_newest_stored_result(self, as_alice, team, alice):
        older, newer, failed = (a_job(team, alice) for _ in range(3))
        an_output(older), an_output(newer), an_output(failed, state="dead", poster="")
        page = ask(as_alice).content.decode()
        assert f"/clips/{newer.public_id}/posters/0/" in page and str(older.public_id) not in page

    def test_without_a_picture_there_is_none(self, as_alice, team, alice):
        a_job(team, alice, state=State.FAILED)
        assert "<img" not in ask(as_alice).content.decode()

    def test_who_used_it_last(self, as_alice, team, alice, bob):
        a_job(team, alice), a_job(team, bob)
        assert ask(as_alice).context["entries"][0].last.user == bob

    def test_what_is_in_the_trash_does_not_count(self, as_alice, team, alice):
        a_job(team, alice, "Thrown away", trashed_at=now())
        kept, gone = a_job(team, alice, "Kept"), a_job(team, alice, "Kept", trashed_at=now())
        an_output(gone)
        answer = ask(as_alice)
        assert texts(answer) == ["Kept"] and answer.context["entries"][0].last == kept
        assert answer.context["entries"][0].poster == ""

    def test_a_prompt_is_text_and_never_markup(self, as_alice, team, alice):
        a_job(team, alice, "<script>alert(1)</script>")
        page = ask(as_alice).content.decode()
        assert "&lt;script&gt;alert(1)" in page and "<script>alert" not in page and 'style="' not in page

    def test_pictures_without_words_are_named(self, as_alice, team, alice):
        a_job(team, alice, "")
        assert "Pictures, no words" in ask(as_alice).content.decode()

    def test_another_team_sees_nothing_of_it(self, as_charlie, charlie, team, alice):
        a_job(team, alice, "Ours alone")
        assert "Ours alone" not in as_charlie.get("/t/elsewhere/prompts/?q=Ours").content.decode()

    def test_one_press_uses_it_again(self, as_alice, team, alice):
        job = a_job(team, alice)
        assert f'href="/t/northlight/reuse/{job.public_id}/"' in ask(as_alice).content.decode()

    def test_who_may_not_spend_is_not_asked_to(self, team, alice):
        a_job(team, alice)
        dora = person("Dora")
        join(team, dora, Role.VIEWER)
        assert "/reuse/" not in ask(signed_in(dora)).content.decode()


class TestFilters:
    @pytest.fixture(autouse=True)
    def work(self, team, alice, bob):
        self.harbour = a_project(team, "Harbour")
        other = next(slug for slug in registry.VENDORS if slug != "seedanceapi-org")
        model = registry.models_for([other])[0].key
        a_job(team, alice, "A beach at dawn", created_at=datetime(2026, 3, 1, 12, tzinfo=UTC))
        a_job(team, bob, "墨镜猫", project=self.harbour, created_at=datetime(2026, 3, 2, 23, 30, tzinfo=UTC))
        key = a_key(team, vendor=other, secret="rehearsal-other-vendor")
        a_job(team, bob, "Die Größe", model=model, key=key, created_at=datetime(2026, 3, 3, tzinfo=UTC))
        self.other = other

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"q": "beach"}, ["A beach at dawn"]),
            ({"q": "墨镜"}, ["墨镜猫"]),
            ({"q": "猫"}, ["墨镜猫"]),
            ({"q": "größe"}, ["Die Größe"]),
            ({"q": "-beach"}, ["Die Größe", "墨镜猫"]),
            ({"since": "2026-03-02"}, ["Die Größe", "墨镜猫"]),
            ({"until": "2026-03-02"}, ["墨镜猫", "A beach at dawn"]),
            ({"since": "2026-03-02", "until": "2026-03-02"}, ["墨镜猫"]),
        ],
    )
    def test_by_words_and_days(self, as_alice, query, found):
        assert texts(ask(as_alice, **query)) == found

    def test_a_day_is_a_day_where_the_viewer_is(self, as_alice, alice):
        type(alice).objects.update(time_zone="Europe/Berlin")  # 23:30 UTC is the third there
        assert texts(ask(as_alice, since="2026-03-03")) == ["Die Größe", "墨镜猫"]

    def test_by_person_vendor_and_project(self, as_alice, bob):
        assert texts(ask(as_alice, person=bob.pk)) == ["Die Größe", "墨镜猫"]
        assert texts(ask(as_alice, vendor=self.other)) == ["Die Größe"]
        assert texts(ask(as_alice, project=self.harbour.pk)) == ["墨镜猫"]
        assert texts(ask(as_alice, person=bob.pk, vendor=self.other, project=self.harbour.pk)) == []

    def test_each_can_be_taken_away_alone(self, as_alice, bob):
        answer = ask(as_alice, person=bob.pk, q="größe", vendor="")
        chips = answer.context["chips"]
        assert [chip.text for chip in chips] == ["Search: größe", "Person: Bob"]
        assert chips[0].without == f"?person={bob.pk}" and chips[1].without == "?q=gr%C3%B6%C3%9Fe"
        assert texts(as_alice.get(URL + chips[0].without)) == ["Die Größe", "墨镜猫"]

    @pytest.mark.parametrize(
        "wrong", [{"person": "x"}, {"vendor": "nobody"}, {"project": "999"}, {"since": "soon"}]
    )
    def test_what_makes_no_sense_filters_nothing_and_says_so(self, as_alice, wrong):
        answer = ask(as_alice, **wrong)
        assert (
            answer.status_code == 200
            and len(texts(answer)) == 3
            and "field__errors" in answer.content.decode()
        )

    def test_a_stranger_is_no_person_of_the_team(self, as_alice, charlie):
        assert "field__errors" in ask(as_alice, person=charlie.pk).content.decode()


class TestEmpty:
    def test_nothing_yet(self, as_alice):
        assert "Nothing has been asked for yet" in ask(as_alice).content.decode()

    def test_no_match_and_a_way_out(self, as_alice, team, alice):
        a_job(team, alice)
        page = ask(as_alice, q="zebra").content.decode()
        assert "No prompt matches" in page and "Clear the filters" in page


class TestPaging:
    def walk(self, client, **query):
        """Every text, following the link as somebody without JavaScript would."""
        seen, answer = [], ask(client, **query)
        for _ in range(10):
            seen.append(texts(answer))
            if not answer.context["older"]:
                return seen
            assert answer.context["older"].replace("&", "&amp;") in answer.content.decode()
            answer = client.get(URL + answer.context["older"])
        raise AssertionError("the pages never end")

    def test_nothing_is_lost_and_nothing_repeated(self, as_alice, many):
        pages = self.walk(as_alice)
        assert [len(page) for page in pages] == [PAGE, PAGE, 2]
        assert sum(pages, []) == [f"Shot {number:02}" for number in reversed(range(50))]

    def test_filters_stay_on(self, as_alice, many, team, alice):
        a_job(team, alice, "Something else")
        assert len(sum(self.walk(as_alice, q="shot"), [])) == 50

    def test_new_work_does_not_shift_the_pages(self, as_alice, many, team, alice):
        first = ask(as_alice)
        a_job(team, alice, "Brand new")
        assert texts(as_alice.get(URL + first.context["older"]))[0] == "Shot 25"

    @pytest.mark.parametrize(
        "cursor", ["", "x", "1", "1.x", ".", "-1.2", "9" * 40 + ".1", "1." + "9" * 40, "²." + "3"]
    )
    def test_a_cursor_nobody_handed_out_is_none(self, as_alice, many, cursor):
        assert read_cursor(cursor) is None
        assert ask(as_alice, before=cursor).status_code == 200

    def test_a_cursor_is_exact(self, team):
        prompt = a_prompt(team, "x", used_at=datetime(2026, 11, 21, 1, 2, 3, 456789, tzinfo=UTC))
        assert read_cursor(write_cursor(prompt)) == (prompt.used_at, prompt.pk)

    def test_a_page_costs_what_the_first_one_does(self, as_alice, many, alice, django_assert_num_queries):
        for job in Job.objects.all()[:30]:
            an_output(job)
        older = ask(as_alice).context["older"]
        filtered = URL + f"?person={alice.pk}"  # one more looks the person up
        for url, queries in ((URL, 11), (URL + older, 11), (URL + "?q=shot", 11), (filtered, 12)):
            with django_assert_num_queries(queries):
                assert as_alice.get(url).context["entries"]


def three_thousand(team, user, since):
    """Prompts a second apart, each used once."""
    pattern = a_job(team, user)
    made = Prompt.objects.bulk_create(
        Prompt(team=team, text=f"{n}", hash=f"{n}", used_at=since + timedelta(seconds=n)) for n in range(3000)
    )
    jobs = []
    for prompt in made:
        job = copy(pattern)
        job.pk, job.prompt, job.public_id, job.client_token = None, prompt, uuid4(), prompt.text
        jobs.append(job)
    Job.objects.bulk_create(jobs)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@pytest.mark.both_databases
def test_a_deep_page_does_not_read_what_lies_before_it(team, alice):
    start = ago(days=1)
    three_thousand(team, alice, start)
    member = Membership.objects.get(user=alice)
    deep = matching_prompts(member, {}, (start + timedelta(seconds=500), 10))[:PAGE]
    assert [prompt.text for prompt in deep] == [f"{n}" for n in range(499, 499 - PAGE, -1)]
    plan = deep.explain()
    if connection.vendor == "sqlite":
        assert "prompt_newest (team_id=? AND used_at<?)" in plan and "TEMP B-TREE" not in plan
    else:
        assert re.search(r"prompt_newest.*\n.*Index Cond:.*used_at", plan) and "Sort" not in plan


class TestFragments:
    HTMX = {"HX-Request": "true"}

    def test_a_filter_brings_the_list_alone(self, as_alice, many):
        answer = as_alice.get(URL + "?q=shot&person=&since=", headers=self.HTMX)
        assert answer.headers["HX-Push-Url"] == URL + "?q=shot"
        page = answer.content.decode()
        assert page.lstrip().startswith('<section id="prompts"') and "<html" not in page

    def test_older_ones_come_as_entries(self, as_alice, many):
        older = ask(as_alice).context["older"]
        page = as_alice.get(URL + older, headers=self.HTMX).content.decode()
        assert page.lstrip().startswith("<li") and page.count('class="asked__one"') == PAGE

    def test_back_is_given_a_whole_page(self, as_alice, many):
        headers = self.HTMX | {"HX-History-Restore-Request": "true"}
        assert "<html" in as_alice.get(URL + "?q=shot", headers=headers).content.decode()
