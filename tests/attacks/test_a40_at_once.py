"""A40: nor by pressing at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from tests.builders import MODEL, a_key
from videos.jobs.ordering.checking import GenerationRequest, Refusal
from videos.jobs.ordering.press import start
from videos.models import Job, Membership

MOST = 5


@pytest.mark.django_db(transaction=True)
def test_a40_all_at_once_are_no_more_than_one_after_the_other(alice, team, settings):
    settings.PRESSES_PER_MINUTE = MOST
    settings.DURATIONS = settings.DURATIONS | {"presses_window": 60.0}
    a_key(team, secret="rehearsal-at-once")
    member = Membership.objects.select_related("team", "user").get(user=alice)

    def rush(n: int) -> bool:
        try:
            start(member, GenerationRequest(model=MODEL, prompt="A harbour", client_token=f"rush {n}"))
        except Refusal:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(12) as crowd:
        assert sum(crowd.map(rush, range(24))) == MOST
    assert Job.objects.count() == MOST
