"""The pictures of a team: each once, found by name, used again, thrown away and taken back."""

import unicodedata
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from tests.builders import a_job, a_key, an_output
from tests.pages import door
from tests.pages.pictures import a_file, a_film_upload, an_upload
from tests.people import join, person, signed_in
from videos import vault
from videos.library import queries
from videos.models import Draft, Event, Job, JobPicture, Upload
from videos.models.clock import now

pytestmark = pytest.mark.django_db
PICTURES = "/t/northlight/pictures/"
HTMX = {"HX-Request": "true"}


def used(job: Job, upload: Upload) -> Job:
    place = {"role": "start", "position": job.pictures.count(), "link_hash": vault.mint()[1]}
    JobPicture.objects.create(job=job, upload=upload, **place)
    return job


def one(upload: Upload, *more: str) -> str:
    return "/".join([f"/t/northlight/pictures/{upload.pk}", *more, ""])


def page(client, where: str = PICTURES, **asked) -> str:
    answer = client.get(where, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_doors(team, alice, charlie):
    number = an_upload(team, alice).pk
    for name, args, post in (
        ("pictures", [], False), ("picture_clips", [], False), ("picture_page", [number], False),
        ("picture_name", [number], True), ("picture_trash", [number], True), ("picture_restore", [number], True),
        ("draft_picture", [], True),
    ):  # fmt: skip
        door.check(name, ["northlight", *args], stranger=charlie, post=post)


@pytest.mark.parametrize("role", ["viewer", "reviewer"])
def test_who_only_looks_changes_nothing(team, alice, role):
    user = person("Vera")
    join(team, user, role)
    client, upload = signed_in(user), an_upload(team, alice)
    assert upload.name in page(client) and upload.name in page(client, one(upload))
    for where in (
        one(upload, "name"),
        one(upload, "trash"),
        one(upload, "restoration"),
        "/t/northlight/draft/pictures/",
    ):
        assert client.post(where, {"name": "Mine", "upload": upload.pk}).status_code == 403
    assert "Use it" not in page(client) and not Draft.objects.exists()


def test_every_picture_once_with_who_when_and_what_became_of_it(as_bob, team, alice):
    upload = an_upload(team, alice)
    as_bob.post("/t/northlight/uploads/", {"file": a_file(1, "again.png")})
    for n in range(2):
        used(a_job(team, alice, f"Boat {n}"), upload)
    html = page(as_bob)
    assert html.count('<article class="card"') == 1
    assert upload.name in html and "Alice" in html and "2 clips" in html
    assert reverse("upload_file", args=["northlight", upload.pk]) in html


def test_a_films_card_plays_and_says_its_length(as_bob, team, alice):
    film = a_film_upload(team, alice, seconds=7)
    html = page(as_bob)
    assert "0:07" in html and reverse("upload_poster", args=["northlight", film.pk]) in html
    assert f'<video class="stage__film" src="{reverse("upload_file", args=["northlight", film.pk])}"' in html
    assert "controls" in page(as_bob, one(film))


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "words", ["größe", "GRÖSSE", "Größe", "grösse", "GRÖẞE", "bär gröSSe", '"Größe (2)"', "größe -fluss"]
)
def test_found_in_capitals_and_small_letters_of_every_alphabet(as_bob, team, alice, words):
    """As prompts are, on both databases."""
    names = ("Bär Größe (2).png", "BÄR GRÖSSE (2).png", "Bar Grosse (2).png", "Fluss.png")
    for n, name in enumerate(names):
        Upload.objects.filter(pk=an_upload(team, alice, n).pk).update(name=name)
    html = page(as_bob, q=words)
    assert html.count('<article class="card"') == 2 and names[0] in html and names[1] in html


@pytest.mark.parametrize("words", ["grö.*", "[a-z]", "(", "\\", "größe|fluss", "^Bär"])
def test_what_is_typed_is_no_expression(as_bob, team, alice, words):
    Upload.objects.filter(pk=an_upload(team, alice).pk).update(name="Bär Größe.png")
    assert "No picture has that name" in page(as_bob, q=words)


def test_a_name_from_a_mac_is_found_as_it_is_typed(as_bob):
    apart = unicodedata.normalize("NFD", "Größe.png")
    as_bob.post("/t/northlight/uploads/", {"file": a_file(1, apart)})
    assert page(as_bob, q="größe").count('<article class="card"') == 1


def test_found_by_every_word_of_its_name_and_by_kind(as_bob, team, alice):
    Upload.objects.filter(pk=an_upload(team, alice, 1).pk).update(name="Red harbour at night.png")
    Upload.objects.filter(pk=an_upload(team, alice, 2).pk).update(name="墨镜 portrait.png")
    a_film_upload(team, alice)
    for words, found in (("night red", "Red harbour"), ("墨镜", "墨镜"), ("HARBOUR", "Red harbour")):
        html = page(as_bob, q=words)
        assert html.count('<article class="card"') == 1 and found in html
    assert "No picture has that name" in page(as_bob, q="red portrait")
    assert page(as_bob, show="videos").count('<article class="card"') == 1
    assert page(as_bob, show="pictures").count('<article class="card"') == 2
    assert as_bob.get(PICTURES, {"show": "nonsense"}).status_code == 404


def test_an_empty_library_says_what_comes_here(as_bob):
    assert "No pictures yet" in page(as_bob)
    assert "The trash is empty" in page(as_bob, show="trash")
    assert "No clip is finished yet" in page(as_bob, f"{PICTURES}clips/")


def test_another_team_has_its_own(as_charlie, team, alice):
    upload = an_upload(team, alice)
    assert upload.name not in page(as_charlie, "/t/elsewhere/pictures/")
    for where in ("", "name/", "trash/", "restoration/"):
        url = f"/t/elsewhere/pictures/{upload.pk}/{where}"
        assert (as_charlie.post(url, {"name": "x"}) if where else as_charlie.get(url)).status_code == 404
    answer = as_charlie.post("/t/elsewhere/draft/pictures/", {"upload": upload.pk})
    assert answer.status_code == 404 and not Draft.objects.exists()
    upload.refresh_from_db()
    assert (upload.trashed_at, upload.name) == (None, "picture-1.png")


def test_a_name_of_its_own(as_bob, team, alice):
    upload = an_upload(team, alice)
    as_bob.post(one(upload, "name"), {"name": "  The <b>harbour</b>\n at night " + "x" * 200})
    upload.refresh_from_db()
    assert upload.name.startswith("The <b>harbour</b> at night xx") and len(upload.name) == 120
    assert "The &lt;b&gt;harbour" in page(as_bob)
    assert b"A picture needs a name." in as_bob.post(one(upload, "name"), {"name": " "}, follow=True).content


def test_what_a_clip_was_made_from_cannot_vanish_and_that_is_said(as_bob, team, alice):
    upload = an_upload(team, alice)
    job = used(a_job(team, alice, "A boat"), upload)
    said = as_bob.post(one(upload, "trash"), follow=True).content.decode()
    assert "picture-1.png is in the trash. 1 clip was made from it: for that clip it stays." in said
    assert upload.name not in page(as_bob).partition('class="library"')[2].partition("<article")[2]
    assert "stays with 1 clip" in page(as_bob, show="trash")
    assert upload.name in page(as_bob, reverse("clip", args=["northlight", job.public_id]))
    assert as_bob.get(reverse("upload_file", args=["northlight", upload.pk])).status_code == 200
    assert f'name="picture.start" value="{upload.pk}"' in page(
        as_bob, "/t/northlight/", **{"from": job.public_id.hex}
    )
    assert Event.objects.filter(verb="picture.trashed").count() == 1
    as_bob.post(one(upload, "restoration"))
    assert (
        upload.name in page(as_bob) and upload.name not in page(as_bob, show="trash").partition("<article")[2]
    )


def test_a_press_with_a_picture_from_the_trash_still_has_it(as_bob, team, alice):
    """Somebody threw it away while another was typing: what is paid for comes with its picture."""
    a_key(team)
    upload = an_upload(team, alice)
    Upload.objects.update(trashed_at=now())
    model = "seedanceapi-org/seedance-2.0"
    form = {"model": model, "was": model, "prompt": "A boat", "client_token": "t", "picture.start": upload.pk}
    assert as_bob.post("/t/northlight/generations/", form).status_code == 303
    assert Job.objects.get().pictures.get().upload == upload


def test_what_nobody_uses_says_when_it_goes(as_bob, team, alice):
    upload = an_upload(team, alice)
    as_bob.post(one(upload, "trash"))
    assert "deleted for good on" in page(as_bob, show="trash")


def many(team, user, count: int) -> list[Upload]:
    """Rows that share one file. Newest last."""
    first = an_upload(team, user)
    fields = {name: getattr(first, name) for name in ("file", "media_type", "width", "height", "bytes")}
    at = now() - timedelta(days=1)
    made = [
        Upload(team=team, sha256=f"{n:064x}", name=f"n{n:03}", created_by=user, brought_at=at + timedelta(seconds=n // 2), **fields)
        for n in range(count - 1)
    ]  # fmt: skip
    Upload.objects.filter(pk=first.pk).update(name="first", brought_at=at - timedelta(days=1))
    return [first, *Upload.objects.bulk_create(made)]


def test_every_page_by_keyset_nothing_skipped_and_nothing_twice(as_bob, team, alice):
    rows = many(team, alice, queries.PAGE * 2 + 5)
    seen, cursor = [], ""
    member = team.memberships.get(user=alice)
    while True:
        found = queries.page(member, "all", "", cursor)
        seen += [entry.upload.pk for entry in found.entries]
        if not (cursor := found.older):
            break
    assert sorted(seen) == sorted(row.pk for row in rows) and seen[-1] == rows[0].pk
    html = page(as_bob)
    older = html.partition('hx-get="')[2].partition('"')[0].replace("&amp;", "&")
    more = as_bob.get(older, headers=HTMX).content.decode()
    assert "<html" not in more and more.count('<article class="card"') == queries.PAGE
    assert (
        page(as_bob, older.partition("?")[0], before=older.partition("before=")[2]).count("<article")
        == queries.PAGE
    )


@pytest.mark.parametrize("where", ["", "clips/", "one"])
def test_a_page_costs_the_same_for_one_as_for_many(as_bob, team, alice, where, django_assert_num_queries):
    uploads = many(team, alice, 3)
    url = one(uploads[0]) if where == "one" else PICTURES + where
    an_output(used(a_job(team, alice, "A boat"), uploads[0]))
    page(as_bob, url)
    with django_assert_num_queries(LINES[where]):
        page(as_bob, url)
    for n in range(30):
        job = a_job(team, alice, f"Boat {n}")
        an_output(used(used(job, uploads[0]), uploads[1]))
        an_output(job, 1, kind="last_frame")
    Upload.objects.bulk_create([
        Upload(team=team, sha256=f"9{n:063x}", name=f"m{n}", created_by=alice, file=uploads[0].file, media_type="image/png",
               width=9, height=9, bytes=9) for n in range(40)
    ])  # fmt: skip
    with django_assert_num_queries(LINES[where]):
        page(as_bob, url)


LINES = {"": 7, "clips/": 7, "one": 9}


def test_the_frames_of_clips_are_a_list_to_page_through(as_bob, team, alice):
    for n in range(queries.PAGE + 1):
        an_output(a_job(team, alice, f"Boat {n:02}"))
    html = page(as_bob, f"{PICTURES}clips/")
    assert "Boat 24" in html and "Boat 00" not in html and html.count("Use the frame") == queries.PAGE
    older = html.partition('hx-get="')[2].partition('"')[0]
    assert "Boat 00" in page(as_bob, older)
    assert as_bob.get(older, headers=HTMX).content.decode().count("Use the frame") == 1


@pytest.mark.parametrize("cursor", ["x", "1", "1.2.3", "9" * 40 + ".1", "-1.1", "%00"])
def test_a_made_up_cursor_is_none(as_bob, team, alice, cursor):
    upload = an_upload(team, alice)
    assert upload.name in page(as_bob, before=cursor)
    assert as_bob.get(f"{PICTURES}clips/", {"before": cursor}).status_code == 200
    assert as_bob.get(one(upload), {"before": cursor}).status_code == 200


def test_the_menu_leads_here(as_bob):
    assert f'href="{PICTURES}"' in page(as_bob, "/t/northlight/")
    assert settings.TRASH_DAYS
