"""A40, through the front door: the sum is named, everything typed stays, one button says yes."""

import json
import re

import pytest
from django.core.management import call_command
from django.urls import reverse

from tests.budgets.given import a_threshold
from tests.builders import MODEL, VENDOR, a_job, a_key
from tests.pages import door
from tests.usage.spent import A, M, S, spent
from videos.models import Event, Job, SpendAttempt, Threshold

pytestmark = pytest.mark.django_db
GENERATE, SET = "/t/northlight/generations/", "/t/northlight/budgets/thresholds/"
HTMX = {"HX-Request": "true"}
TYPED = {
    "model": MODEL,
    "was": MODEL,
    "prompt": "A harbour <at> dusk",
    "option.seconds": "4",
    "client_token": "one",
}


@pytest.fixture
def key(team):
    return a_key(team, rehearsal=False)


@pytest.fixture(autouse=True)
def asks(team):
    return a_threshold(team, "10")


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no {name} in the page"
    return found[1]


def press(client, headers=None, **more):
    return client.post(GENERATE, TYPED | more, headers=headers or {})


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a40_the_form_comes_back_with_everything_typed_and_one_button(as_bob, team, key, headers):
    answer = press(as_bob, headers)
    page = answer.content.decode()
    assert answer.status_code == 422 and not Job.objects.exists()
    cost = re.search(r"Generate for (\d+ credits)", page)[1]
    assert f"This costs {cost}." in page and ">A harbour &lt;at&gt; dusk</textarea>" in page
    assert page.count('name="confirmed"') == 1
    more = {"client_token": field(page, "client_token"), "confirmed": field(page, "confirmed")}
    sent = press(as_bob, headers, **more)
    assert sent.status_code == (200 if headers else 303)
    job = Job.objects.get()
    assert (f"{job.estimate.normalize()} credits", job.options["seconds"]) == (cost, 4)
    assert not SpendAttempt.objects.exists()


def test_a40_another_price_asks_again(as_bob, team, key):
    page = press(as_bob).content.decode()
    more = {"client_token": field(page, "client_token"), "confirmed": field(page, "confirmed")}
    dearer = press(as_bob, **more | {"option.seconds": "12"})
    assert dearer.status_code == 422 and 'name="confirmed"' in dearer.content.decode()
    assert field(dearer.content.decode(), "confirmed") != more["confirmed"]
    assert not Job.objects.exists()


def test_a40_below_the_sum_and_in_rehearsal_it_goes_at_once(as_bob, team, asks):
    Threshold.objects.update(amount=1000)
    a_key(team, rehearsal=False)
    assert press(as_bob).status_code == 303
    Threshold.objects.update(amount=0)
    rehearsal = a_key(team, secret="rehearsal-of-a-harbour")
    assert press(as_bob, client_token="two", key=str(rehearsal.pk)).status_code == 303


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a40_the_same_again_asks_as_well(as_bob, team, key, bob, headers):
    job = a_job(team, bob, key=key, state=S.FAILED, options={"seconds": 4})
    url = reverse("clip_retry", args=["northlight", job.public_id])
    answer = as_bob.post(url, {"client_token": "one"}, headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 422 and "Generate for " in page and Job.objects.count() == 1
    assert ('id="main"' in page) is not bool(headers)
    form = {"client_token": field(page, "client_token"), "confirmed": field(page, "confirmed")}
    assert as_bob.post(url, form | {"client_token": "made up"}, headers=headers).status_code == 422
    assert as_bob.post(url, form, headers=headers).status_code == (200 if headers else 302)
    assert as_bob.post(url, form, headers=headers).status_code == (200 if headers else 302)
    assert Job.objects.filter(parent=job).count() == 1


def test_a40_and_so_does_sending_a_lost_one_again(as_bob, team, key, bob):
    job = spent(team, bob, A.UNKNOWN, money=M.POSSIBLY, state=S.UNKNOWN)
    url = reverse("clip_decision", args=["northlight", job.public_id])
    answer = as_bob.post(url, {"choice": "try_again"})
    page = answer.content.decode()
    job.refresh_from_db()
    assert (answer.status_code, job.state) == (422, "unknown") and "Generate for 28 credits" in page
    form = {"choice": field(page, "choice"), "confirmed": field(page, "confirmed")}
    assert as_bob.post(url, form).status_code == 302
    job.refresh_from_db()
    assert job.state == "queued"


def test_a40_the_command_line_asks_and_yes_confirms(team, alice, capsys, key):
    given = {"team": team.slug, "model": MODEL, "prompt": "A ferry", "json": True}
    with pytest.raises(SystemExit) as ended:
        call_command("generate", **given)
    said = json.loads(capsys.readouterr().out)["message"]
    assert ended.value.code == 2 and "This costs 28 credits." in said and "--yes" in said
    assert not Job.objects.exists()
    call_command("generate", **given, yes=True)
    assert Job.objects.get().state == "queued"


# --- where it is set ---------------------------------------------------------------


def test_the_door(team, charlie):
    door.check("budget_threshold", ["northlight"], stranger=charlie, post=True)


def test_an_owner_sets_changes_and_takes_it_away(as_alice, team):
    unit = {"unit": f"credits:{VENDOR}", "currency": ""}
    assert as_alice.post(SET, unit | {"amount": "50"}).status_code == 302
    page = as_alice.post(SET, {"unit": "money:", "currency": "eur", "amount": "2.5"}, headers=HTMX)
    assert "Asks from 50 credits of" in page.content.decode() and "Asks from 2.5 EUR" in page.content.decode()
    assert as_alice.post(SET, unit | {"amount": ""}).status_code == 302
    assert [(one.measure, one.of, one.amount) for one in Threshold.objects.all()] == [("money", "EUR", 2.5)]
    book = [row.data for row in Event.objects.filter(verb="threshold.set").order_by("pk")]
    assert [(row["before"], row["amount"]) for row in book] == [
        ("10", "50"),
        ("", "2.5"),
        ("50", ""),
    ]


@pytest.mark.parametrize(
    "wrong", [{"amount": "-1"}, {"amount": "much"}, {"unit": "presses:"}, {"unit": "money:"}, {"unit": "credits:nobody"}]
)  # fmt: skip
def test_what_is_no_sum_is_said_where_it_was_typed(as_alice, team, wrong):
    answer = as_alice.post(SET, {"unit": f"credits:{VENDOR}", "currency": "", "amount": "50"} | wrong)
    assert answer.status_code == 422 and 'id="threshold-' in answer.content.decode()
    assert "field__errors" in answer.content.decode()
    assert Threshold.objects.get().amount == 10


def test_a_maker_sees_it_and_cannot_change_it(as_bob, team):
    assert as_bob.post(SET, {"unit": f"credits:{VENDOR}", "amount": "50"}).status_code == 403
    page = as_bob.get("/t/northlight/budgets/").content.decode()
    assert "Asks from 10 credits of" in page and 'name="amount"' not in page
