"""A picture from somebody's desk: dropped or chosen, fetched by the vendor through its signed
link, and seen in the film."""

import base64
import fcntl
import io
import re

import av
import pytest
from PIL import Image, ImageStat
from playwright.sync_api import expect

from tests.desk import wait_for
from tests.media.films import BLUE, RED
from tests.pages.bringing import a_film

ORANGE = (228, 120, 30)
TEAL = (20, 140, 150)
DROP = """(prompt, [data, name]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name, { type: "image/png" }));
  for (const type of ["dragover", "drop"]) {
    prompt.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: carried }));
  }
}"""
PASTE = """(prompt, [data, name]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name, { type: "image/png" }));
  prompt.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: carried }));
}"""


def a_picture(colour) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1280, 720), colour).save(out, "PNG")
    return out.getvalue()


def chosen(desk, data: bytes) -> None:
    desk.page.locator('input[name="file.start"]').set_input_files(
        {"name": "still.png", "mimeType": "image/png", "buffer": data}
    )


def dropped(desk, data: bytes) -> None:
    desk.prompt.evaluate(DROP, [base64.b64encode(data).decode(), "still.png"])


def pasted(desk, data: bytes) -> None:
    desk.prompt.evaluate(PASTE, [base64.b64encode(data).decode(), "still.png"])


def first_frame(film: bytes) -> Image.Image:
    with av.open(io.BytesIO(film)) as opened:
        return next(opened.decode(video=0)).to_image()


def average(picture: Image.Image) -> list[float]:
    """Of its middle: the sandbox writes the prompt near the edge."""
    width, height = picture.size
    middle = picture.convert("RGB").crop((width // 4, height // 4, width * 3 // 4, height * 5 // 8))
    return ImageStat.Stat(middle).mean


@pytest.mark.parametrize(
    ("model", "bring", "colour"),
    [
        ("seedanceapi-dev/seedance-lite-5s", chosen, ORANGE),
        pytest.param("seedance2ai/seedance", dropped, TEAL, marks=pytest.mark.long),
        pytest.param("acedata/doubao-seedance-1-5-pro-251215", pasted, ORANGE, marks=pytest.mark.long),
    ],
    ids=["chosen", "dropped", "pasted"],
)
def test_the_film_begins_with_the_picture(studio, visitors, model, bring, colour):
    """Behaviour 4: three ways, one slot."""
    desk = studio.desk(visitors)
    desk.choose(model)
    bring(desk, a_picture(colour))
    expect(desk.page.locator('figure.slot[data-role="start"] img[alt="still.png"]')).to_be_visible()
    desk.settle()
    card = desk.press("The camera moves into the picture")
    wait_for(card, "ready")
    film = desk.page.request.get(card.locator("video").get_attribute("src")).body()
    assert average(first_frame(film)) == pytest.approx(colour, abs=14)


def near(film: bytes, colour: tuple[int, int, int]) -> int:
    """How many pixels of its first frame have about this colour."""
    with av.open(io.BytesIO(film)) as opened:
        frame = next(opened.decode(video=0)).to_image()
    found = frame.getcolors(1 << 21)
    return sum(
        count for count, pixel in found if max(abs(a - b) for a, b in zip(pixel, colour, strict=True)) < 30
    )


@pytest.mark.long
def test_a_picture_and_a_short_video_are_fetched_and_seen_and_a_frame_goes_on(studio, visitors):
    """Both through their signed links; then a moment of the result starts the next shot, and what
    was typed meanwhile is still there."""
    desk = studio.desk(visitors)
    desk.choose("seedance2ai/seedance", seconds=4, audio=False)
    desk.page.locator('input[name="shot"][value="reference"]').check(force=True)
    slot = desk.page.locator('input[name="file.reference"]')
    expect(slot).to_be_attached()
    slot.set_input_files(
        [
            {"name": "still.png", "mimeType": "image/png", "buffer": a_picture(TEAL)},
            {"name": "boat.mp4", "mimeType": "video/mp4", "buffer": a_film(3)},
        ]
    )
    for name in ("still.png", "boat.mp4"):
        expect(desk.page.locator(f'figure.slot[data-role="reference"] img[alt="{name}"]')).to_be_visible()
    desk.settle()
    card = desk.press("In the manner of both")
    wait_for(card, "ready")
    (told,) = studio.told("In the manner of both")
    links = re.findall(rf"{studio.stack.base_url}/p/[^\"]+", told)
    assert [link.rpartition(".")[2] for link in links] == ["png", "mp4"]
    film = desk.page.request.get(card.locator("video").get_attribute("src")).body()
    assert near(film, TEAL) > 100 and near(film, RED) + near(film, BLUE) > 100
    assert len(studio.charges("seedance2ai")) == len(studio.charges()) == 1

    desk.prompt.fill("Half typed")
    with desk.page.expect_response(lambda reply: reply.url.endswith("/draft/")):
        desk.prompt.press("Space")
    desk.page.goto(card.locator("a.stage__open").get_attribute("href"))
    desk.page.locator("#film").evaluate(
        "film => new Promise((done) => { film.pause(); film.onseeked = done; film.currentTime = 1.5; })"
    )
    expect(desk.page.locator("#at")).to_have_value("1.500")
    desk.page.get_by_role("button", name="Use this frame").click()
    expect(
        desk.page.locator('figure.slot[data-role="reference"] img[alt^="In the manner of both"]')
    ).to_be_visible()
    expect(desk.prompt).to_have_value("Half typed ")


@pytest.mark.long
def test_the_link_dies_with_the_job(studio, visitors):
    desk = studio.desk(visitors)
    desk.choose("seedanceapi-dev/seedance-lite-5s")
    chosen(desk, a_picture(TEAL))
    expect(desk.page.get_by_role("img", name="still.png")).to_be_visible()
    desk.settle()
    card = desk.press("Asked for while it is made [late]")
    wait_for(card, "making")
    (told,) = studio.told("Asked for while it is made")
    (link,) = re.findall(rf"{studio.stack.base_url}/p/[^\"]+", told)
    fetched = visitors.arrive().request.get(link)
    assert fetched.status == 200 and fetched.headers["content-type"] == "image/png"
    studio.stack.hurry()
    wait_for(card, "ready")
    assert visitors.arrive().request.get(link).status == 404


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [("notes.png", b"no picture at all", "picture"), ("huge.png", b"\x89PNG" + bytes(31_000_000), "30")],
    ids=["not a picture", "31 MB"],
)
def test_what_is_no_picture_is_refused_in_words(studio, visitors, tmp_path, name, data, reason):
    """Behaviour 4."""
    (tmp_path / name).write_bytes(data)
    desk = studio.desk(visitors)
    desk.choose("seedanceapi-dev/seedance-lite-5s")
    desk.page.locator('input[name="file.start"]').set_input_files(tmp_path / name)
    expect(desk.page.locator(".slot__said")).to_contain_text(reason)


@pytest.mark.long
def test_a_picture_that_waits_for_its_turn_says_so_and_goes_on_by_itself(studio, visitors, tmp_path):
    """Longer than one request waits: the page sends it again."""
    visitors.expected.append("status of 503")
    (tmp_path / "sea.png").write_bytes(a_picture(TEAL))
    desk = studio.desk(visitors)
    desk.choose("seedanceapi-dev/seedance-lite-5s")
    folder = studio.stack.data / "opening"
    folder.mkdir(exist_ok=True)
    with open(folder / "0", "w") as one, open(folder / "1", "w") as other:
        for place in (one, other):
            fcntl.flock(place, fcntl.LOCK_EX)
        desk.page.locator('input[name="file.start"]').set_input_files(tmp_path / "sea.png")
        expect(desk.page.locator(".slot__wait")).to_contain_text("goes on by itself", timeout=10_000)
        with desk.page.expect_response(lambda reply: reply.status == 503, timeout=40_000):
            pass
    expect(desk.page.locator("figure.slot[data-filled]")).to_be_visible(timeout=30_000)


def test_on_a_phone_the_words_are_not_cut_off(studio, visitors, tmp_path):
    (tmp_path / "notes.png").write_bytes(b"no picture at all")
    desk = studio.desk(visitors, viewport={"width": 390, "height": 844})
    desk.choose("seedanceapi-dev/seedance-lite-5s")
    desk.page.locator('input[name="file.start"]').set_input_files(tmp_path / "notes.png")
    expect(desk.page.get_by_text("notes.png is no picture that can be read")).to_be_in_viewport(ratio=1)
