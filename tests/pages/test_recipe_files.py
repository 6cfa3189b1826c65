"""Templates leave as a file and come in again as they were."""

import csv
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.builders import MODEL
from tests.pages import door
from tests.recipes.given import a_recipe, member
from videos.models import Recipe, RecipeVersion
from videos.recipes import changes

pytestmark = pytest.mark.django_db
LIST = "/t/northlight/templates/"
# What a spreadsheet would run, what a quote was put before already, and what breaks lines.
FORMULAS = [
    "=1+1",
    "'=1+1",
    "''=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "'quoted",
    'a "b", c; d\te',
    "one\ntwo",
    "猫, Größe",
]


def export(client, kind: str, team: str = "northlight") -> bytes:
    answer = client.get(f"/t/{team}/templates/file/?format={kind}")
    assert answer.headers["Content-Disposition"].endswith(f'.{kind}"')
    return answer.content


def bring(client, data: bytes, team: str = "northlight"):
    return client.post(f"/t/{team}/templates/import/", {"file": SimpleUploadedFile("templates.csv", data)})


def said(team: str) -> list:
    rows = RecipeVersion.objects.filter(recipe__team__slug=team).order_by("recipe_id", "number")
    return list(
        rows.values_list(
            "recipe__title", "recipe__description", "recipe__private", "number", "text", "model", "options"
        )
    )


def test_the_doors(charlie, team):
    door.check("recipes_export", ["northlight"], stranger=charlie, post=False)
    door.check("recipes_import", ["northlight"], stranger=charlie, post=True)


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_the_way_there_and_back(as_alice, as_charlie, team, alice, kind):
    for n, text in reversed(list(enumerate(FORMULAS))):
        a_recipe(
            team,
            alice,
            title=text.replace("\n", " "),
            text=text,
            description=text.replace("\n", " "),
            private=n % 2 == 0,
        )
    a_recipe(
        team,
        alice,
        title="With settings",
        text="x",
        model=MODEL,
        options={"seconds": 8, "audio": False, "resolution": "720p"},
    )
    assert bring(as_charlie, export(as_alice, kind), "elsewhere").status_code == 302
    mine, theirs = said("northlight"), said("elsewhere")
    assert sorted(mine, key=repr) == sorted(theirs, key=repr) and len(theirs) == len(FORMULAS) + 1


def test_json_carries_every_version(as_alice, as_charlie, team, alice):
    made = a_recipe(team, alice, text="First")
    changes.save(
        member(team, alice), made, title="Product shot", text="Second", model=MODEL, options={"seconds": 4}
    )
    bring(as_charlie, export(as_alice, "json"), "elsewhere")
    assert said("elsewhere") == said("northlight") and len(said("elsewhere")) == 2


def test_no_cell_is_a_formula(as_alice, team, alice):
    for text in FORMULAS:
        a_recipe(team, alice, title=text.replace("\n", " "), text=text)
    rows = list(csv.reader(io.StringIO(export(as_alice, "csv").decode("utf-8-sig"))))
    assert len(rows) == len(FORMULAS) + 1
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_a_colleagues_private_one_stays_here(as_alice, team, bob, alice):
    a_recipe(team, bob, title="Bob's own", private=True)
    assert b"own" not in export(as_alice, "csv") + export(as_alice, "json")


@pytest.mark.parametrize(
    "data",
    [
        "\ufefftitle,text\r\nTurn,A {{thing}} turns\r\n".encode(),
        "title;text\r\nTurn;A {{thing}} turns\r\n".encode("cp1252"),
        "Text\tTitle\tnonsense\nA {{thing}} turns\tTurn\tx\n".encode("utf-16"),
        b'{"templates": [{"title": "Turn", "versions": [{"text": "A {{thing}} turns"}]}]}',
    ],
)
def test_what_people_have_comes_in(as_bob, data):
    assert bring(as_bob, data).status_code == 302
    assert RecipeVersion.objects.get().text == "A {{thing}} turns" and Recipe.objects.get().title == "Turn"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "There is no template in this file."),
        (b"title,text\n", "There is no template in this file."),
        (b"words\nx\n", "The table needs a column title."),
        (b"title,text\nTurn,\n", "Template 1 (Turn): Words: This field is required."),
        (b"title,text\nOk,x\n,y\n", "Template 2 (): Title: This field is required."),
        (b"title,text,model\nOk,x,no/model\n", "The model no/model is not known here."),
        (b"title,text,options\nOk,x,seconds=4\n", "no model that they are for"),
        (f"title,text,model,options\nOk,x,{MODEL},seconds=7\n".encode(), "cannot be 7 s with this model. Possible: 4 s, 8 s, 12 s"),
        (b"{", "This is no file of templates"),
        (b"[" * 100_000, "This is no file of templates"),
        (b'{"templates": [1]}', "This is no file of templates"),
        (b'{"templates": [{"title": "x", "versions": []}]}', "It has no words."),
        (b'{"templates": [{"title": "x", "versions": [{"text": "y", "model": 7, "options": {"a": []}}]}]}', "is not known here"),
        (b'title,text\nx,"yy\n', "Row 2 cannot be read"),
            (b"title,text\nx,y,z\n", "Row 2 has more cells than the table has columns"),
            (b"title,text,text\nx,y,z\n", "There are two columns text"),
        (
            b'{"templates": [{"title": "x", "versions": [' + b'{"text": "y"},' * 1000 + b'{"text": "z"}]}]}',
            "The file has more than 1000 versions.",
        ),
        (b"title,text\n" + b"x,y\n" * 201, "The file has 201 templates; 200 at a time come in."),
    ],
)  # fmt: skip
def test_all_or_nothing_with_a_reason_for_each(as_bob, data, reason):
    answer = bring(as_bob, data)
    assert answer.status_code == 422 and reason in answer.content.decode()
    assert not Recipe.objects.exists()


def test_what_json_can_spell_and_no_database_keeps(as_bob):
    text = json.dumps(
        {"templates": [{"title": "a\0b\ud800", "versions": [{"text": "x\0\udfff y"}]}]}
    ).encode()
    assert bring(as_bob, text).status_code == 302
    assert RecipeVersion.objects.get().text == "x? y" and Recipe.objects.get().title == "ab?"


def test_too_large_and_nothing_at_all(as_bob):
    assert b"larger than 2 MB" in bring(as_bob, b"x" * 2_000_001).content
    answer = as_bob.post(LIST + "import/")
    assert answer.status_code == 422 and b"Choose a file first." in answer.content


def test_a_file_in_an_old_encoding_comes_in_as_a_person_reads_it(as_bob):
    data = "title,text\nGrüße,Ein Fuchs läuft\n".encode("cp1252")
    asked = bring(as_bob, data)
    assert asked.status_code == 422 and not Recipe.objects.exists()
    sent = {"unread": asked.context["unread"].sent, "unread_name": "t.csv"}
    assert (
        as_bob.post(f"{LIST}import/", sent | {"do": "forget"}).status_code == 302
        and not Recipe.objects.exists()
    )
    assert as_bob.post(f"{LIST}import/", sent | {"do": "read", "encoding": "cp1252"}).status_code == 302
    assert Recipe.objects.get().title == "Grüße"


def test_a_workbook_is_no_file_of_templates(as_bob):
    answer = bring(as_bob, b"PK\x03\x04" + b"\0" * 26 + b"xl/workbook.xml")
    assert answer.status_code == 422 and b"is a workbook (Excel)" in answer.content
