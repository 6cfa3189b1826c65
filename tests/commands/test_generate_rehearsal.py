"""``generate --rehearsal`` means: this must not spend."""

import json

import pytest
from django.core.management import call_command

from tests.builders import MODEL, a_key
from videos.models import Job


def test_without_a_rehearsal_key_it_refuses_and_leaves_the_real_one_alone(team, alice, capsys):
    a_key(team, rehearsal=False)
    with pytest.raises(SystemExit) as ended:
        call_command("generate", team=team.slug, model=MODEL, prompt="A ferry", rehearsal=True, json=True)
    assert ended.value.code == 2
    assert json.loads(capsys.readouterr().out)["outcome"] == "refused"
    assert not Job.objects.exists()


def test_it_takes_the_rehearsal_key_where_both_are(team, alice):
    a_key(team, rehearsal=False, secret="sk-real-4f0c9b7a1e2d1a2b")
    a_key(team, rehearsal=True)
    call_command("generate", team=team.slug, model=MODEL, prompt="A ferry", rehearsal=True, json=True)
    assert Job.objects.get().rehearsal
