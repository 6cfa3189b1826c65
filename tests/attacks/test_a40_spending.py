"""A40: a script with somebody's session spends no faster than a person presses."""

import pytest
from django.urls import reverse

from tests.attacks.house import PRESSED
from tests.people import join
from videos.models import Job, SpendAttempt

HTMX = {"HX-Request": "true"}
MOST = 5


@pytest.fixture(autouse=True)
def a_small_allowance(settings):
    settings.PRESSES_PER_MINUTE = MOST
    settings.DURATIONS = settings.DURATIONS | {"presses_window": 60.0}


def press(client, n: int, team: str = "northlight", **more):
    return client.post(reverse("generate", args=[team]), PRESSED | {"client_token": f"press {n}"}, **more)


@pytest.mark.django_db
def test_a40_a_thousand_presses_are_as_many_as_one_person_may(house):
    maker = house.client("maker")
    said = [press(maker, n).status_code for n in range(20)]
    assert said == [303] * MOST + [422] * (20 - MOST)
    assert Job.objects.filter(user=house.people["maker"]).count() == MOST
    assert not SpendAttempt.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a40_the_person_is_told_why_and_loses_nothing(house, headers):
    maker = house.client("maker")
    page = [press(maker, n, headers=headers) for n in range(MOST + 1)][-1].content.decode()
    assert "as many as one person may" in page and "A harbour" in page
    again = maker.get(reverse("gallery", args=["northlight"])).content.decode()
    assert ">A harbour</textarea>" in again


@pytest.mark.django_db
def test_a40_a_minute_later_it_goes_on(house):
    maker = house.client("maker")
    for n in range(MOST):
        press(maker, n)
    Job.objects.filter(user=house.people["maker"]).update(created_at="2026-01-01T00:00:00Z")
    assert press(maker, 99).status_code == 303


@pytest.mark.django_db
def test_a40_the_same_press_twice_is_still_one(house):
    maker = house.client("maker")
    for n in range(MOST):
        press(maker, n)
    assert press(maker, 0).status_code == 303
    assert Job.objects.filter(user=house.people["maker"]).count() == MOST


@pytest.mark.django_db
def test_a40_it_counts_in_all_their_teams_and_for_every_way_to_make_one(house):
    maker, clip = house.client("maker"), house.ours.clip
    join(house.theirs.team, house.people["maker"])
    for n in range(MOST - 1):
        press(maker, n)
    retry = reverse("clip_retry", args=["northlight", clip.public_id])
    assert maker.post(retry, {"client_token": "one"}, headers=HTMX).status_code == 200
    assert press(maker, 99, team="elsewhere").status_code == 422
    refused = maker.post(retry, {"client_token": "two"}, headers=HTMX)
    assert refused.status_code == 422 and "as many as one person may" in refused.content.decode()


@pytest.mark.django_db
def test_a40_and_holds_up_nobody_else(house):
    for n in range(MOST + 1):
        press(house.client("maker"), n)
    assert press(house.client("admin"), 99).status_code == 303


@pytest.mark.django_db
def test_a40_no_limit_is_a_limit_of_nought(house, settings):
    settings.PRESSES_PER_MINUTE = 0
    assert {press(house.client("maker"), n).status_code for n in range(MOST * 2)} == {303}


@pytest.mark.django_db
def test_a40_sending_a_lost_one_again_is_a_press_too(house):
    """It counts for the presses after it, and the presses before it count for it."""
    maker, decision = (
        house.client("maker"),
        reverse("clip_decision", args=["northlight", house.ours.lost.public_id]),
    )
    for n in range(MOST):
        press(maker, n)
    refused = maker.post(decision, {"choice": "try_again"}, headers=HTMX)
    assert refused.status_code == 422 and "as many as one person may" in refused.content.decode()
    house.ours.lost.refresh_from_db()
    assert house.ours.lost.state == "unknown"
    Job.objects.filter(user=house.people["maker"]).order_by("-pk").first().delete()
    assert maker.post(decision, {"choice": "try_again"}).status_code == 302
    assert press(maker, 99).status_code == 422
