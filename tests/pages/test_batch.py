"""Many prompts at once through the front door: read, checked together, one price, one press."""

import csv
import io
import re

import pytest

from tests.budgets.given import a_budget, a_threshold
from tests.builders import MODEL, a_key, a_project
from tests.pages import door
from tests.pages.pictures import a_table, an_upload
from tests.people import join, person, signed_in
from videos.models import Draft, Event, Job, Role
from videos.models.clock import now

pytestmark = pytest.mark.django_db
BATCH = "/t/northlight/batch/"
HTMX = {"HX-Request": "true"}
THREE = "A lighthouse\n\nA boat in fog\nA storm"


@pytest.fixture
def key(team):
    return a_key(team, rehearsal=False, label="Studio account")


def form(rows: str = THREE, **more) -> dict:
    """As a browser sends it."""
    wishes = {
        "option.seconds": "4",
        "option.resolution": "720p",
        "option.aspect_ratio": "16:9",
        "option.audio": "true",
    }
    return (
        {"rows": rows, "model": MODEL, "was": MODEL, "client_token": "one-rendering", "do": "check"}
        | wishes
        | more
    )


def check(client, rows: str = THREE, **more):
    return client.post(BATCH, form(rows, **more))


def hidden(answer, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())[1]


def go(client, rows: str = THREE, **more):
    """Checks, then presses the button that the check drew."""
    seen = hidden(check(client, rows, **more), "seen")
    return client.post(BATCH, form(rows, **more) | {"do": "go", "seen": seen})


def test_the_doors(team, charlie):
    door.check("batch", ["northlight"], stranger=charlie, post=False)
    door.check("batch_sample", ["northlight"], stranger=charlie, post=False)


def test_three_lines_are_three_generations_in_their_order(as_bob, team, key):
    checked = check(as_bob)
    page = checked.content.decode()
    assert checked.status_code == 200 and "All 3 rows are fine" in page and not Job.objects.exists()
    assert "84 credits, about $0.42" in page and "Generate all 3" in page  # 28 each, 4 s, 720p, with sound
    answer = go(as_bob)
    jobs = list(Job.objects.order_by("pk"))
    assert [job.prompt.text for job in jobs] == ["A lighthouse", "A boat in fog", "A storm"]
    assert len({job.batch for job in jobs}) == 1 and jobs[0].take_group is None
    assert answer.status_code == 303 and answer.headers["Location"] == f"{BATCH}{jobs[0].batch}/"


def test_the_same_form_twice_is_one_press(as_bob, team, key):
    first = go(as_bob)
    assert go(as_bob).headers["Location"] == first.headers["Location"]
    assert Job.objects.count() == 3


def test_the_draft_of_the_composer_stays_and_the_settings_are_remembered(as_bob, bob, team, key):
    as_bob.post("/t/northlight/draft/", {"model": MODEL, "was": MODEL, "prompt": "Half a sentence"})
    go(as_bob, **{"option.seconds": "12"})
    assert Draft.objects.get(user=bob).content["prompt"] == "Half a sentence"
    assert bob.memberships.get().remembered["options"]["seconds"] == 12


def test_what_changed_since_the_check_is_looked_at_first(as_bob, team, key):
    seen = hidden(check(as_bob), "seen")
    for change in (
        {"rows": THREE + "\nOne more"},
        {"option.seconds": "12"},
        {"rows": THREE.replace("boat", "ship")},
    ):
        answer = as_bob.post(BATCH, form() | {"do": "go", "seen": seen} | change)
        assert (
            answer.status_code == 422 and b"Something changed since the rows were checked" in answer.content
        )
    assert as_bob.post(BATCH, form() | {"do": "go"}).status_code == 422
    assert not Job.objects.exists()


TABLES = [
    "prompt,seconds,resolution\nA lighthouse,8,480p\nA boat,,\n",
    "\ufeffPrompt;Seconds;Resolution\r\nA lighthouse;8;480p\r\nA boat;;\r\n",
    "resolution\tprompt\tseconds\n480p\tA lighthouse\t8\n\tA boat\t\n",
    'prompt,seconds,resolution\n"A lighthouse",8,480p\n"A boat",,\n',
]


@pytest.mark.parametrize("text", TABLES)
def test_a_table_with_settings_of_its_own(as_bob, team, key, text):
    assert go(as_bob, text).status_code == 303
    first, second = Job.objects.order_by("pk")
    assert (first.options["seconds"], first.options["resolution"]) == (8, "480p")
    assert (second.options["seconds"], second.options["resolution"], second.prompt.text) == (
        4,
        "720p",
        "A boat",
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_table_as_a_file_stands_in_the_field_afterwards(as_bob, team, key, encoding):
    data = "prompt;seconds\r\nGrüße vom Meer;8\r\n".encode(encoding)
    answer = check(as_bob, "what stood here", table=a_table(data))
    page = answer.content.decode()
    assert answer.status_code == 200 and "Grüße vom Meer;8" in page and "what stood here" not in page


def test_a_prompt_with_commas_needs_no_table(as_bob, team, key):
    assert go(as_bob, "A cat, a dog; a bird\nprompting, again").status_code == 303
    assert Job.objects.order_by("pk").first().prompt.text == "A cat, a dog; a bird"


def test_a_reason_for_each_row_and_field_and_everything_typed_stays(as_bob, team, key):
    text = "prompt,seconds,resolution,frames\nA lighthouse,7,480p,\nA boat,eight,9k,\n,4,,\nA storm,8,,24\nFine,8,720p,\n"
    answer = check(as_bob, text)
    rows = {line.number: line.reasons for line in answer.context["seen"].lines}
    assert rows[2] == ("Length cannot be 7 s with this model. Possible: 4 s, 8 s, 12 s.",)
    assert "Length must be a number. Possible: 4 s, 8 s, 12 s." in rows[3] and any(
        "9k" in said for said in rows[3]
    )
    assert rows[4] == ("Write what should happen.",) and rows[6] == ()
    assert any(said.startswith("Frames cannot be chosen with this model") for said in rows[5])
    page = answer.content.decode()
    assert (
        answer.status_code == 422
        and "4 of 5 rows cannot be made as they stand" in page
        and text.strip() in page
    )
    assert "Generate all" not in page and not Job.objects.exists()
    assert as_bob.post(BATCH, form(text) | {"do": "go"}).status_code == 422 and not Job.objects.exists()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "There is no prompt yet"),
        (" \n\n ", "There is no prompt yet"),
        ("prompt,seconds\n", "There is no prompt yet"),
        ("prompt,colour,team\nx,red,2\n", "There is no column “colour” here."),
        ("\n".join("x" * 3 for _ in range(101)), "There are 101 rows; 100 at a time"),
        ('prompt\n"' + "x" * 2000, "Row 2 cannot be read"),
        ("Dauer;Notiz\n8;Fuchs", "none of them is the prompt"),
        ("A fox\t8\nA cat\t4", "These are rows of 2 cells"),
        ("Shots\nprompt,seconds\nx,8", "Row 2 names the columns"),
        ("prompt,Szene\nx,y", "The columns “prompt” and “Szene” mean the same"),
    ],
)
def test_what_is_wrong_with_all_of_it(as_bob, team, key, text, reason):
    answer = check(as_bob, text)
    assert answer.status_code == 422 and reason in answer.content.decode()


def test_the_limit_of_a_minute_is_the_limit_of_a_batch(as_bob, team, key, settings):
    settings.PRESSES_PER_MINUTE = 2
    assert b"At most 2 at a time." in as_bob.get(BATCH).content
    assert b"There are 3 rows; 2 at a time" in check(as_bob).content
    assert go(as_bob, "One\nTwo").status_code == 303
    seen = hidden(check(as_bob, "Three"), "seen")
    answer = as_bob.post(BATCH, form("Three", client_token="another") | {"do": "go", "seen": seen})
    assert answer.status_code == 422 and b"within a minute" in answer.content and Job.objects.count() == 2


def test_what_no_key_can_pay_is_said_once(as_bob, team):
    answer = check(as_bob)
    assert answer.status_code == 422 and answer.content.decode().count("There is no key for") == 1


def test_a_price_that_nobody_publishes_is_unknown(as_bob, team):
    a_key(team, vendor="defapi", rehearsal=False, secret="dk-1234567890")
    model = {"model": "defapi/seedance-2.0", "was": "defapi/seedance-2.0", "option.seconds": "5"}
    sent = form() | model
    for name in ("option.resolution", "option.audio"):
        del sent[name]
    page = as_bob.post(BATCH, sent).content.decode()
    assert "All 3 rows are fine" in page and "cost unknown until done" in page and "credits" not in page


def test_another_model_draws_its_own_settings(as_bob, team, key):
    model = "acedata/doubao-seedance-1-5-pro-251215"
    part = as_bob.get(
        BATCH, {"model": model, "was": MODEL, "option.seconds": "8"}, headers=HTMX
    ).content.decode()
    assert part.lstrip().startswith('<section id="batch-wishes"') and 'name="option.seed"' in part
    page = as_bob.post(BATCH, form(model=model, do="draw")).content.decode()
    assert "<html" in page and THREE in page and 'name="option.seed"' in page


@pytest.mark.parametrize(
    "evil", ["<b>{{7*7}}</b>", "a\0b", "‮", "=1+1", "\x01", "𝕏" * 50, '"', "'; DROP TABLE"]
)
def test_a29_a_line_is_text(as_bob, team, key, evil):
    page = check(as_bob, f"First\n{evil}").content.decode()
    assert "<b>" not in page and "All 2 rows are fine" in page
    go(as_bob, f"First\n{evil}")
    assert Job.objects.order_by("pk").last().prompt.text == evil.replace("\0", "")


def test_ten_megabytes_are_refused_and_break_nothing(as_bob, team, key):
    assert check(as_bob, "x" * 10_000_000).status_code == 413
    answer = check(as_bob, "x", table=a_table(b"prompt\n" + b"x" * 1_000_000))
    assert answer.status_code == 422 and b"larger than 1 MB" in answer.content


def test_a16_a_table_sets_what_it_may_and_nothing_else(as_bob, team, bob, key):
    text = "prompt,seconds,key,user,rehearsal,estimate,model\nx,4,1,1,true,0,other\n"
    assert check(as_bob, text).status_code == 422
    sneaky = {"user": "1", "batch": "0" * 32, "take_group": "0" * 32, "estimate": "0", "rehearsal": "1"}
    go(as_bob, "x", **sneaky)
    job = Job.objects.get()
    assert (job.user, job.rehearsal, job.batch.hex == "0" * 32, int(job.estimate)) == (bob, False, False, 28)


def test_a14_another_teams_key_and_project(as_charlie, team, alice, key):
    project = a_project(team)
    charlies = "/t/elsewhere/batch/"
    assert as_charlie.post(charlies, form(project=project.pk)).status_code == 404
    assert as_charlie.post(charlies, form(key=key.pk)).status_code == 404
    upload = an_upload(team, alice)
    assert as_charlie.post(charlies, form(given=f"{upload.pk}:x.png")).status_code == 404


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.VIEWER])
def test_who_does_not_make_has_no_batch(team, key, role):
    user = person("Vera")
    join(team, user, role)
    client = signed_in(user)
    assert client.get(BATCH).status_code == 403 and client.post(BATCH, form()).status_code == 403


def test_the_sample_is_a_table_that_is_fine(as_bob, team, key):
    answer = as_bob.get(BATCH + "sample/", {"model": MODEL})
    text = answer.content.decode()
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0][0] == "prompt" and "seconds" in rows[0] and len(rows) == 3
    assert check(as_bob, text).status_code == 200
    assert as_bob.get(BATCH + "sample/", {"model": "nobody/has"}).status_code == 200


def test_what_was_refused_at_the_last_moment_is_written_down(as_bob, team, key, settings):
    seen = hidden(check(as_bob), "seen")
    key.state, key.trashed_at = "active", now()
    key.save()
    answer = as_bob.post(BATCH, form() | {"do": "go", "seen": seen})
    assert answer.status_code == 422 and not Job.objects.exists()
    assert not Event.objects.filter(verb="job.created").exists()


def test_above_what_the_team_set_the_sum_of_all_is_confirmed(as_bob, team, key):
    a_threshold(team, "80")
    asked = go(as_bob)  # 84
    page = asked.content.decode()
    assert asked.status_code == 422 and "Generate for 84 credits" in page and not Job.objects.exists()
    sent = form() | {"do": "go", "seen": hidden(asked, "seen"), "confirmed": hidden(asked, "confirmed")}
    assert as_bob.post(BATCH, sent | {"client_token": "another"}).status_code == 422  # a yes is for one form
    assert as_bob.post(BATCH, sent).status_code == 303 and Job.objects.count() == 3
    assert go(as_bob, "One\nTwo", client_token="third").status_code == 303  # 56 ask nothing


def test_a_budget_holds_the_sum_and_says_so_once(as_bob, team, key):
    a_budget(team, amount="2")
    answer = check(as_bob)
    assert answer.status_code == 422 and len(answer.context["seen"].reasons) == 1
    assert "budget does not allow it" in answer.context["seen"].reasons[0]
    assert check(as_bob, "One\nTwo").status_code == 200


def test_as_many_questions_for_a_hundred_as_for_three(as_bob, team, key, django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        assert check(as_bob, "\n".join(f"Shot {n}" for n in range(100))).status_code == 200
