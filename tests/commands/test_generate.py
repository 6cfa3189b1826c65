"""`manage.py generate`, as a script meets it: one line of JSON and an exit code."""

import json

import pytest

from tests.pages.bringing import a_film

MODEL = "seedanceapi-org/seedance-2.0"
KEY = "rehearsal-generate-0123456789"


@pytest.fixture(scope="module")
def team(stack):
    """A team of its own with one rehearsal key, made as an operator makes it."""
    stack.manage(
        "createteam", "Scripts", "--owner", "scripts@example.com", "--password-stdin", input="long enough 1"
    )
    vendor = MODEL.partition("/")[0]
    stack.manage("addkey", vendor, "--team", "Scripts", "--label", "CI", "--rehearsal", input=KEY)
    return "Scripts"


@pytest.fixture
def generate(stack, team):
    def run(prompt: str, *more: str, expect: int = 0) -> dict:
        words = ("--team", team, "--model", MODEL, "--prompt", prompt, "--json", *more)
        return json.loads(stack.manage("generate", *words, expect=expect))

    return run


def test_ready(generate):
    said = generate(
        "A ferry leaves at dawn", "--set", "seconds=4", "--set", "resolution=480p", "--wait", "60"
    )
    assert (said["state"], said["outcome"]) == ("succeeded", "ready")
    assert said["charge"] == {"amount": "8", "unit": "credits", "estimated": False}
    assert len(said["files"]) == 1 and said["files"][0].endswith(".mp4")


@pytest.mark.long
def test_accepted_without_waiting(generate):
    said = generate("A ferry comes home at dusk")
    assert said["outcome"] == "pending"
    assert said["charge"] == {"amount": "28", "unit": "credits", "estimated": True}
    assert said["files"] == []


def test_refused_here_names_what_is_possible_and_sends_nothing(stack):
    """A team of its own: other tests' generations may still be charged meanwhile."""
    stack.manage(
        "createteam", "Refusals", "--owner", "refusals@example.com", "--password-stdin", input="long enough 2"
    )
    vendor = MODEL.partition("/")[0]
    stack.manage("addkey", vendor, "--team", "Refusals", "--rehearsal", input="rehearsal-refusals-0123456789")
    before = charged_accounts(stack)
    words = ("--team", "Refusals", "--model", MODEL, "--prompt", "A ferry", "--set", "seconds=7", "--json")
    said = json.loads(stack.manage("generate", *words, expect=2))
    assert (said["id"], said["outcome"]) == (None, "refused")
    assert "4 s, 8 s, 12 s" in said["message"]
    assert charged_accounts(stack) == before


def charged_accounts(stack) -> set[str]:
    return {entry["account"] for entry in json.loads(stack.sandbox("/ledger.json"))["entries"]}


@pytest.mark.long
def test_refused_here_for_a_picture_that_is_none(generate, tmp_path):
    (tmp_path / "note.png").write_text("this is text")
    said = generate("A ferry", "--image", f"start={tmp_path / 'note.png'}", expect=2)
    assert "note.png" in said["message"]


@pytest.mark.long
def test_a_film_goes_along_where_the_model_takes_one(stack, generate, tmp_path):
    (tmp_path / "boat.mov").write_bytes(a_film())
    refused = generate("A ferry", "--image", f"start={tmp_path / 'boat.mov'}", expect=2)
    assert "takes no video as Start" in refused["message"]
    stack.manage(
        "addkey", "seedance2ai", "--team", "Scripts", "--rehearsal", input="rehearsal-media-0123456789"
    )
    words = (
        "--team",
        "Scripts",
        "--model",
        "seedance2ai/seedance",
        "--prompt",
        "Like this",
        "--json",
        "--wait",
        "60",
    )
    more = ("--set", "seconds=4", "--image", f"reference={tmp_path / 'boat.mov'}")
    assert json.loads(stack.manage("generate", *words, *more))["outcome"] == "ready"


@pytest.mark.long
def test_takes_are_one_line_each_of_one_stack(stack, team):
    words = ("--team", team, "--model", MODEL, "--prompt", "A heron, several times", "--takes", "3", "--json")
    said = [json.loads(line) for line in stack.manage("generate", *words, "--wait", "60").splitlines()]
    assert [one["outcome"] for one in said] == ["ready"] * 3
    assert len({one["id"] for one in said}) == 3
    assert [len(one["files"]) for one in said] == [1] * 3


def test_more_takes_than_there_can_be_are_refused_together(generate):
    said = generate("A heron, far too often", "--takes", "13", expect=2)
    assert said["message"] == "13 takes are not possible; choose 1 to 12."


@pytest.mark.long
def test_takes_end_with_the_worst_of_their_codes(stack, team):
    words = ("--team", team, "--model", MODEL, "--prompt", "Two letters [refuse]", "--takes", "2", "--json")
    said = stack.manage("generate", *words, "--wait", "60", expect=3).splitlines()
    assert [json.loads(line)["outcome"] for line in said] == ["refused"] * 2


@pytest.mark.long
def test_refused_by_the_vendor(generate):
    said = generate("Nothing to see [refuse]", "--wait", "60", expect=3)
    assert (said["state"], said["outcome"]) == ("failed", "refused")
    assert "Nothing was charged." in said["message"]


@pytest.mark.long
def test_failed_at_the_vendor(generate):
    said = generate("A storm that breaks off [fail]", "--wait", "60", expect=3)
    assert (said["state"], said["outcome"]) == ("failed", "failed")


@pytest.mark.long
def test_not_settled_in_time(generate):
    said = generate("A very slow snail [slow:600]", "--wait", "3", expect=4)
    assert said["outcome"] == "pending"


def test_unknown_is_possibly_charged(generate):
    said = generate("A letter without an answer [lost] [callback:none]", "--wait", "60", expect=5)
    assert (said["state"], said["outcome"]) == ("unknown", "unknown")
    assert "may have been charged" in said["message"]


def test_a_team_that_is_not_there(stack):
    words = ("--team", "Nobody", "--model", MODEL, "--prompt", "x")
    stack.manage("generate", *words, expect=2)
