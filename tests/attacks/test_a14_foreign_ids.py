"""A14: the forms of one team with the ids of another: 404, one line in the book about who sent it,
and nothing else. What is the team's own and gone by now takes nothing away from what was typed."""

import pytest
from django.urls import reverse

from tests.attacks.doors import DOORS
from tests.attacks.house import PRESSED, everything
from tests.attacks.posted import ALSO_POST
from tests.builders import a_key
from tests.recipes.given import a_recipe
from videos.models import Draft, Event, Job

pytestmark = pytest.mark.django_db

TASK = {"task_id": "task-9", "model": PRESSED["model"]}


def composed(wing) -> dict[str, dict]:
    """What a composer may name."""
    version = wing.recipe.versions.get(number=1).pk
    return {
        "key": {"key": wing.key.pk},
        "project": {"project": wing.project.pk},
        "picture": {"picture.start": wing.upload.pk},
        "recipe": {"recipe": version},
        "parent": {"parent": wing.clip.public_id.hex, "relation": "remix"},
    }


def named(wing) -> list[tuple[str, str, dict]]:
    """(door, field, what is sent) for every form that takes the id of a row."""
    found = [
        (door, field, sent)
        for door in ("generate", "draft", "batch")
        for field, sent in composed(wing).items()
    ]
    found += [(door, "picture", {"waiting": f"start:{wing.upload.pk}"}) for door in ("generate", "draft")]
    return [
        *found,
        ("batch", "picture", {"given": f"{wing.upload.pk}:quay.png"}),
        ("draft_picture", "upload", {"upload": wing.upload.pk}),
        ("draft_picture", "upload", {"upload": wing.binned.pk}),
        ("stack_keeper", "take", {"take": wing.clip.public_id.hex}),
        ("stack_full", "take", {"take": wing.clip.public_id.hex, "size": "resolution:720p"}),
        ("bring_in", "key", TASK | {"key": wing.key.pk}),
        ("bring_in", "none_of", TASK | {"none_of": str(wing.lost.public_id)}),
        ("budgets", "scope", ALSO_POST["budgets"] | {"scope": f"key:{wing.key.pk}"}),
        ("budgets", "scope", ALSO_POST["budgets"] | {"scope": f"project:{wing.project.pk}"}),
    ]  # fmt: skip


def sent(house, door: str, more: dict) -> dict:
    usual = ALSO_POST.get(door) or DOORS[door].form(house)
    return usual | more


def without_events() -> dict[str, list]:
    return {name: rows for name, rows in everything().items() if name != "Event"}


def test_a14_every_form_with_another_teams_ids(house):
    forms = named(house.ours)
    stranger = house.people["stranger"]

    def is_refused_and_written_down(number):
        door, field, more = forms[int(number)]
        url = DOORS[door].url(door, house.theirs)
        rows, events = without_events(), Event.objects.count()
        answer = house.client("stranger").post(url, sent(house, door, more))
        assert answer.status_code == 404, (door, more)
        assert without_events() == rows, (door, more)
        assert Event.objects.count() == events + 1, (door, more)
        line = Event.objects.latest("pk")
        assert (line.verb, line.actor, line.team, line.data, line.object) == (
            "stranger.id", stranger, house.theirs.team, {"field": field}, "",
        ), (door, more)  # fmt: skip

    house.each([str(number) for number in range(len(forms))], is_refused_and_written_down)


def test_a14_the_same_forms_with_their_own_ids_are_no_strangers(house):
    """The walk would be worth little if these forms were refused for something else."""
    forms = named(house.theirs)

    def is_let_in(number):
        door, _field, more = forms[int(number)]
        answer = house.client("stranger").post(DOORS[door].url(door, house.theirs), sent(house, door, more))
        gone = more.get("upload") == house.theirs.binned.pk
        assert (answer.status_code == 404) == gone, (door, more, answer.status_code)
        assert not Event.objects.filter(verb="stranger.id").exists(), (door, more)

    house.each([str(number) for number in range(len(forms))], is_let_in)


def test_a14_a_colleagues_own_key_in_a_form_is_written_down(house):
    theirs = a_key(house.ours.team, secret="rehearsal-of-a-maker", person=house.people["maker"])
    url = reverse("generate", args=["northlight"])
    assert house.client("owner").post(url, PRESSED | {"key": theirs.pk}).status_code == 404
    assert Event.objects.get(verb="stranger.id").data == {"field": "key"}


@pytest.mark.parametrize("gone", ["trashed_at", "purged_at"])
def test_a14_a_parent_that_a_colleague_threw_away_takes_nothing_along(house, gone):
    clip, at = house.ours.clip, house.ours.thrown.trashed_at
    Job.objects.filter(pk=clip.pk).update(**({"trashed_at": at} | {gone: at}))
    form = PRESSED | {"parent": clip.public_id.hex, "relation": "remix", "client_token": "t"}
    maker = house.client("maker")
    assert maker.post(reverse("draft", args=["northlight"]), form).status_code == 302
    assert Draft.objects.get(token="t").content["prompt"] == PRESSED["prompt"]
    assert maker.post(reverse("generate", args=["northlight"]), form).status_code == 303
    assert Job.objects.get(client_token__startswith="t").prompt.text == PRESSED["prompt"]
    assert not Event.objects.filter(verb="stranger.id").exists()


def test_a14_nor_does_a_template_that_was_made_private_or_an_id_that_no_row_has(house):
    private = a_recipe(house.ours.team, house.ours.owner, "Mine", private=True)
    maker = house.client("maker")
    for number, recipe in enumerate((private.versions.get(number=1).pk, 10**12)):
        form = PRESSED | {"recipe": recipe, "client_token": f"t{number}"}
        assert maker.post(reverse("generate", args=["northlight"]), form).status_code == 303
    assert not Event.objects.filter(verb="stranger.id").exists()
