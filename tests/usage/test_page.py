"""The usage page: whose days, who sees money, the file, the drawing, and when there is nothing."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from tests.builders import a_key, a_project
from tests.pages import door
from tests.people import join, person, signed_in
from tests.usage.reading import ORG, URL, ask, file_of, head_of
from tests.usage.spent import A, M, S, spent
from videos.models import Role
from videos.models.clock import now

pytestmark = pytest.mark.django_db


def test_the_door(team, alice, charlie):
    door.check("usage", ["northlight"], stranger=charlie, post=False)


class TestDays:
    @pytest.mark.both_databases
    def test_days_are_the_viewers_days(self, as_bob, team, bob, keys):
        """Half past eleven at night in Lisbon is tomorrow in Shanghai."""
        type(bob).objects.filter(pk=bob.pk).update(time_zone="Asia/Shanghai")
        late = datetime(2026, 11, 19, 23, 30, tzinfo=ZoneInfo("Europe/Lisbon"))
        spent(team, bob, money=M.NONE, state=S.CANCELED, key=keys[ORG, False], created_at=late)
        assert ask(as_bob, since="2026-11-20", until="2026-11-20").context["counts"].jobs == 1
        assert ask(as_bob, since="2026-11-19", until="2026-11-19").context["counts"].jobs == 0
        chart = ask(as_bob, since="2026-11-18", until="2026-11-21").context["chart"]
        assert [(bar.day.day, bar.total) for bar in chart.bars] == [(18, 0), (19, 0), (20, 1), (21, 0)]

    def test_seven_days_are_today_and_six_before(self, as_bob, team, bob, keys):
        with time_machine.travel(datetime(2026, 11, 21, 12, tzinfo=UTC), tick=False):
            client = signed_in(bob)
            for ago in (0, 6, 7):
                at = now() - timedelta(days=ago)
                spent(team, bob, money=M.NONE, state=S.CANCELED, key=keys[ORG, False], created_at=at)
            assert client.get(URL, {"days": "7"}).context["counts"].jobs == 2
            assert client.get(URL, {"days": "30"}).context["counts"].jobs == 3

    @pytest.mark.parametrize(
        ("query", "said"),
        [
            ({"since": "2026-11-20", "until": "2026-11-01"}, "before the first one"),
            ({"since": "2020-01-01", "until": "2026-11-01"}, "At most a year"),
            ({"since": "0001-01-01", "until": "0001-01-02"}, "greater than or equal to"),
            ({"since": "9999-12-31"}, "less than or equal to"),
            ({"since": "yesterday"}, "Enter a valid date"),
        ],
    )
    def test_days_that_cannot_be_are_said_and_no_file_pretends(self, as_bob, query, said):
        answer = ask(as_bob, **query)
        assert answer.status_code == 200 and said in answer.content.decode()
        assert ask(as_bob, format="csv", **query).status_code == 422

    def test_what_cannot_be_read_is_the_usual_page(self, as_bob):
        assert ask(as_bob, days="9", by="money", rehearsal="x").context["asked"].grouping == "person"

    def test_every_filter_is_in_the_address(self, as_bob, busy):
        answer = ask(as_bob, days="7", by="model", rehearsal="1")
        page = answer.content.decode()
        assert (
            "?days=7&amp;by=key&amp;rehearsal=1" in page
            and 'href="?days=30&amp;by=model&amp;rehearsal=1"' in page
        )
        assert answer.context["file"] == "?days=7&by=model&rehearsal=1&format=csv"


class TestWhoSees:
    @pytest.mark.parametrize("role", [Role.REVIEWER, Role.VIEWER])
    def test_who_may_not_spend_sees_no_money(self, team, busy, role):
        eve = person("Eve")
        join(team, eve, role)
        answer = signed_in(eve).get(URL)
        assert "Charged" not in answer.content.decode() and "credits" not in answer.content.decode()
        assert head_of(answer)[-1] == "Made to stored"
        assert file_of(signed_in(eve).get(URL, {"format": "csv"}))[0] == head_of(answer)

    def test_a_colleagues_own_key_keeps_its_label(self, as_bob, team, alice, bob, keys):
        theirs = a_key(team, secret="sk-alices-own", rehearsal=False, person=alice, label="Secret side job")
        spent(team, alice, A.CHARGED, money=M.CHARGED, key=theirs)
        answer = ask(as_bob, by="key")
        assert "Alice&#x27;s own key" in answer.content.decode()
        assert "Secret side job" not in answer.content.decode()
        assert "Secret side job" in ask(signed_in(alice), by="key").content.decode()

    def test_another_team_is_not_counted(self, as_charlie, charlie, busy):
        assert as_charlie.get("/t/elsewhere/usage/").context["counts"].jobs == 0


class TestTheFile:
    @pytest.mark.parametrize(
        ("name", "cell"),
        [
            ("=1+1", "'=1+1"),
            ("+49", "'+49"),
            ("-2", "'-2"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t'=1"),  # also behind the tab, where some programs begin another cell
        ],
    )
    def test_a_name_is_never_a_formula(self, as_bob, team, bob, keys, name, cell):
        spent(team, bob, A.CHARGED, money=M.CHARGED, key=keys[ORG, False], project=a_project(team, name))
        (_head, row) = file_of(ask(as_bob, by="project", format="csv"))
        assert row[0] == cell

    def test_numbers_are_for_machines_whatever_the_language(self, as_bob, team, bob, keys):
        type(bob).objects.filter(pk=bob.pk).update(language="de")
        spent(team, bob, A.CHARGED, money=M.CHARGED, charge="1234.5", key=keys[ORG, False])
        answer = ask(as_bob)
        assert ">1234,5<" in answer.content.decode().replace(".", "")
        assert "1234.5" in file_of(ask(as_bob, format="csv"))[1]


class TestTheDrawing:
    def test_the_bars_and_the_table_below_have_the_same_numbers(self, as_bob, busy):
        answer = ask(as_bob, days="7")
        page, chart = answer.content.decode(), answer.context["chart"]
        assert sum(bar.total for bar in chart.bars) == answer.context["counts"].jobs
        (today,) = (bar for bar in chart.bars if bar.total)
        numbers = "".join(f'<td class="tally__figure">{n}</td>' for n in (*today.counts, today.total))
        assert numbers in page
        assert page.count('<rect class="chart__block"') == len(today.blocks) == 2

    def test_it_says_what_it_shows_and_needs_no_style(self, as_bob, busy):
        page = ask(as_bob).content.decode()
        assert '<title id="chart-title">' in page and 'aria-labelledby="chart-title chart-desc"' in page
        assert "style=" not in page

    def test_it_is_drawn_with_dots_in_german(self, as_bob, bob, busy):
        type(bob).objects.filter(pk=bob.pk).update(language="de")
        rects = re.findall(r"<rect [^>]*>", ask(as_bob).content.decode())
        assert rects and not any("," in rect for rect in rects)


def test_an_empty_page_says_why_and_what_to_do(as_bob, team):
    page = ask(as_bob).content.decode()
    assert "Nothing was asked for in these days" in page and 'href="/t/northlight/"' in page
    assert '<svg class="chart__bars"' not in page
    rehearsed = ask(as_bob, rehearsal="1").content.decode()
    assert "No rehearsal in these days" in rehearsed and "See what was real" in rehearsed


def test_it_is_in_the_menu(as_bob, team):
    assert 'href="/t/northlight/usage/" aria-current="page"' in ask(as_bob).content.decode()
