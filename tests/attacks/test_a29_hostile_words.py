"""A29 and A30: what people and vendors write is text, on every page and in every reply."""

import csv
import io
import re
from html.parser import HTMLParser

import pytest
from django.core import mail
from django.urls import reverse

from tests.attacks.doors import DOORS
from tests.attacks.house import PRESSED
from tests.builders import a_job, a_prompt
from tests.pages.pictures import a_file
from videos.models import Event, Job, Project, Recipe, RecipeVersion, Team, Upload, User, VendorKey
from videos.states import State

pytestmark = pytest.mark.django_db

# Breaks out of text, of attributes in either quotes, of scripts and titles; would be computed by
# a template, would run as an address, would be wired up by htmx.
EVIL = "javascript:zq9'\"></title></script></textarea><zq9 onzq9=1 hx-get=/zq9>{{7*191}}"
SHORT = EVIL[:60]
HTMX = {"HX-Request": "true"}


class Reader(HTMLParser):
    """What a browser would make of a page: injected elements, attributes and addresses."""

    def __init__(self, page: str):
        super().__init__(convert_charrefs=True)
        self.injected: list[str] = []
        self.inline: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "zq9" or any("zq9" in name for name in given):
            self.injected.append(self.get_starttag_text())
            return
        for name, value in attrs:
            value = (value or "").strip().lower()
            goes = name in ("href", "src", "action", "formaction", "poster", "srcset") or name.startswith(
                "hx-"
            )
            if goes and (value.startswith(("javascript:", "data:text", "vbscript:")) or value == "/zq9"):
                self.injected.append(self.get_starttag_text())
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.inline.append(self.get_starttag_text())
        if tag in ("style", "iframe", "object", "embed", "base") or (
            tag == "script" and not given.get("src")
        ):
            self.inline.append(self.get_starttag_text())

    def handle_data(self, data):
        self.text += data


def read(answer) -> Reader:
    return Reader(answer.content.decode())


def test_the_reader_sees_what_a_browser_would():
    """Unescaped, each of these is found."""
    assert len(Reader(f"<p>{EVIL}</p>").injected) == 1
    assert len(Reader(f"<a title='{EVIL}'>x</a>").injected) == 1
    assert len(Reader(f'<a title="{EVIL}">x</a>').injected) == 1
    assert len(Reader('<a href="javascript:zq9">x</a>').injected) == 1
    assert len(Reader("<img src=x onerror=alert(1)><p style='x'><script>1</script>").inline) == 3


@pytest.fixture
def poisoned(house):
    """Every text of ours that somebody else can write says something evil."""
    team, owner = house.ours.team, house.people["owner"]
    Team.objects.filter(pk=team.pk).update(name=EVIL[:80])
    User.objects.update(name=EVIL[:80])
    for project in Project.objects.all():  # each of a team has a name of its own
        Project.objects.filter(pk=project.pk).update(name=f"{EVIL[:76]}{project.pk}")
    VendorKey.objects.update(label=SHORT, said=EVIL, tail="<zq9", state="broken")
    Upload.objects.update(name=EVIL[:120])
    Recipe.objects.update(title=EVIL[:120], description=EVIL)
    RecipeVersion.objects.update(text=EVIL, options={"seed": EVIL, EVIL: EVIL})
    prompt = a_prompt(team, EVIL, owner)
    said = {
        "said": EVIL,
        "word": SHORT,
        "code": EVIL[:80],
        "vendor_task_id": None,
        "options": {"seed": EVIL, EVIL: EVIL},
    }
    Job.objects.filter(team=team).update(prompt=prompt, **said, upstream_id=EVIL, project=house.ours.project)
    for n, state in enumerate(State):
        job = a_job(
            team,
            owner,
            EVIL,
            state=state,
            kind=SHORT[:30],
            unit=SHORT[:40],
            upstream_id=EVIL,
            estimate=1,
            percent=7,
        )
        Job.objects.filter(pk=job.pk).update(**said | {"vendor_task_id": f"{EVIL}{n}"})
        Event.objects.create(
            team=team,
            job=job,
            actor=owner,
            verb=EVIL[:40],
            data={"kind": EVIL, "why": EVIL},
            at=job.created_at,
        )
    house.ours.clip.outputs.update(
        why=SHORT[:40],
        detail=EVIL,
        video_codec=SHORT[:20],
        media_type="video/mp4",
        differs=[["resolution", EVIL, EVIL]],
    )
    return house


def test_a29_nothing_anybody_wrote_becomes_part_of_a_page(poisoned):
    def is_text(name):
        door = DOORS[name]
        answer = poisoned.client("owner").get(door.url(name, poisoned.ours), **door.more)
        if not answer.headers["Content-Type"].startswith("text/html") or answer.status_code == 302:
            return
        page = read(answer)
        assert page.injected == [] and page.inline == []
        assert "1337" not in page.text
        if name not in ("changes",):
            assert "zq9" in page.text  # it was there, as text

    poisoned.each([name for name, door in DOORS.items() if door.method == "GET" and door.of_a_team], is_text)


def test_a29_nor_on_the_page_of_a_clip_in_any_state(poisoned):
    def is_text(state):
        job = Job.objects.filter(state=state, team=poisoned.ours.team).last()
        url = reverse("clip", args=["northlight", job.public_id])
        for headers in ({}, HTMX):
            page = read(poisoned.client("owner").get(url, {"mark": "0p1"}, headers=headers))
            assert page.injected == [] and page.inline == [] and EVIL in page.text
            assert "1337" not in page.text

    poisoned.each(State, is_text)


def test_a29_nor_in_the_cards_that_a_poller_brings(poisoned):
    jobs = Job.objects.filter(team=poisoned.ours.team)
    watch = ",".join(f"{job.public_id.hex}.9p9" for job in jobs)
    page = read(poisoned.client("owner").post(reverse("changes", args=["northlight"]), {"watch": watch}))
    assert page.injected == [] and page.inline == [] and page.text.count(EVIL) >= len(State)


def test_a30_nor_in_what_the_studio_says_back(poisoned):
    """Toasts, refusals, what was typed, names of files and of models that do not exist."""
    owner, team = poisoned.client("owner"), "northlight"
    odd = {
        "model": EVIL,
        "was": EVIL,
        "prompt": EVIL,
        f"option.{EVIL}": EVIL,
        "option.seconds": EVIL,
        "shot": EVIL,
    }
    key = [team, poisoned.ours.key.pk]
    asked = [
        ("generate", [team], odd), ("draft", [team], odd | {"do": "swap"}), ("keys", [team], {"label": EVIL, "vendor": EVIL}),
        ("key_state", key, {"state": "active"}), ("key_rename", key, {"label": EVIL}), ("key_delete", key, {}),
        ("members", [team], None), ("invites", [team], {"email": EVIL, "role": EVIL}), ("project_new", [team], {"name": EVIL[:80]}),
        ("team_rename", [team], {"name": EVIL * 9}), ("profile", [], {"name": EVIL, "theme": EVIL}),
        ("clip_adopt", [team, poisoned.ours.lost.public_id], {"task_id": EVIL}),
        ("prompts", [team], None), ("gallery", [team], None), ("recipes", [team], None),
        ("recipe_new", [team], {"title": EVIL, "text": EVIL, "model": EVIL}), ("recipes_import", [team], {}),
        ("recipe_use", [team, poisoned.ours.recipe.pk], {"var.product": EVIL, "do": "preview"}),
        ("batch", [team], odd | {"rows": f"prompt,{EVIL},start\n{EVIL},,{EVIL}", "do": "check"}),
        ("batch", [team], {"rows": EVIL, "do": "check"}),
    ]  # fmt: skip
    for name, args, data in asked:
        for headers in ({}, HTMX):
            url = reverse(name, args=args)
            if data is None:
                answer = owner.get(
                    url, {"q": EVIL, "person": EVIL, "since": EVIL, "density": EVIL}, headers=headers
                )
            else:
                answer = owner.post(url, data, headers=headers, follow=True)
            page = read(answer)
            assert page.injected == [] and page.inline == [], (name, headers)
            assert "1337" not in page.text


def test_a30_nor_in_the_name_of_an_uploaded_file(poisoned):
    owner = poisoned.client("owner")
    for data in (None, b"no picture"):
        answer = owner.post(reverse("uploads", args=["northlight"]), {"file": a_file(3, f"{EVIL}.png", data)})
        assert answer.headers["Content-Type"] == "application/json"
    sent = {"file.start": a_file(2, f"{EVIL}.png", b"no picture")}
    page = read(owner.post(reverse("generate", args=["northlight"]), PRESSED | sent))
    assert page.injected == [] and page.inline == []


def test_a30_nor_in_the_headers_of_a_download(poisoned):
    url = reverse("clip_download", args=["northlight", poisoned.ours.clip.public_id, 0])
    said = poisoned.client("owner").get(url).headers["Content-Disposition"]
    assert said.startswith("attachment; ") and not re.search(r"[<>\r\n]", said)


def test_a30_nor_in_a_letter(poisoned):
    poisoned.client("anonymous").post(reverse("account_reset_password"), {"email": "owner@example.com"})
    assert mail.outbox[0].content_subtype == "plain" and not mail.outbox[0].alternatives
    assert "\n" not in mail.outbox[0].subject


def test_a30_nor_as_a_formula_in_a_spreadsheet(house):
    """A name that begins with = + - @ or a control character runs when a table is opened
    (OWASP, CSV injection)."""
    for n, begin in enumerate(("=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1")):
        User.objects.filter(pk=house.people["owner"].pk).update(name=f"{begin} zq9")
        url = reverse("usage", args=["northlight"])
        answer = house.client("owner").get(url, {"format": "csv", "by": "person", "rehearsal": "1"})
        assert answer.headers["Content-Type"].startswith("text/csv"), n
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        cells = [cell for row in rows for cell in row if "zq9" in cell]
        assert cells and not [cell for cell in cells if cell[0] in "=+-@\t\r"]
