"""The clock of the machine is set while people are signed in: nobody loses a session, an invitation or
a link in a letter for it."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.forms import default_token_generator
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.people import signed_in
from videos.accounts import invites
from videos.models import Membership, Role

pytestmark = [pytest.mark.django_db]


@pytest.fixture(params=[timedelta(days=1), timedelta(hours=-1)], ids=["a day on", "an hour back"])
def stepped(request):
    with time_machine.travel(timezone.now(), tick=True) as traveller:
        yield lambda: traveller.move_to(timezone.now() + request.param)


def test_who_is_signed_in_stays_so(stepped, team, alice):
    browser = signed_in(alice)
    stepped()
    assert browser.get(reverse("gallery", args=[team.slug])).status_code == 200


def test_an_invitation_still_opens(stepped, team, alice):
    owner = Membership.objects.select_related("team", "user").get(user=alice, team=team)
    token = invites.offer(owner, Role.VIEWER)
    stepped()
    assert Client().get(reverse("invite", args=[token])).status_code == 200


def test_a_link_that_sets_a_new_password_still_works(stepped, alice):
    token = default_token_generator.make_token(alice)
    stepped()
    assert default_token_generator.check_token(alice, token)
