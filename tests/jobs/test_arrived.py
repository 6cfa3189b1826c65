"""What came, beside what was asked: PURE."""

import pytest

from videos.jobs.fetching.arrived import differences, file_type
from videos.media.probe import Facts


def film(width=1280, height=720, seconds=5.0, sound=False, **facts):
    return Facts(
        "video", "mp4", 1, width, height, seconds, 24.0, "h264", "aac" if sound else "", sound, **facts
    )


def still(width, height, format="png"):
    return Facts("still", format, 1, width, height)


@pytest.mark.parametrize(
    ("asked", "facts", "found"),
    [
        ({"resolution": "720p", "aspect_ratio": "16:9", "seconds": 5}, film(), []),
        ({"resolution": "720p"}, film(960, 960), []),
        ({"resolution": "720p"}, film(704, 1248), []),
        ({"resolution": "480p"}, film(496, 864), []),
        ({"resolution": "480p"}, film(570, 320), [["resolution", "480p", "570×320"]]),
        ({"resolution": "1080p"}, film(), [["resolution", "1080p", "720p"]]),
        ({"resolution": "4k"}, film(1920, 1080), [["resolution", "4k", "1080p"]]),
        ({"aspect_ratio": "9:16"}, film(), [["aspect_ratio", "9:16", "1280×720"]]),
        ({"aspect_ratio": "21:9"}, film(1470, 630), []),
        ({"aspect_ratio": "adaptive"}, film(333, 777), []),
        ({"seconds": 5}, film(seconds=5.1), []),
        ({"seconds": 10}, film(seconds=5.04), [["seconds", "10", "5.0"]]),
        ({"seconds": -1}, film(seconds=7), []),
        ({"frames": 48}, film(seconds=2.0), []),
        ({"frames": 48}, film(seconds=5.0), [["seconds", "2", "5.0"]]),
        ({"audio": True}, film(), [["audio", "on", "off"]]),
        ({"audio": True}, film(sound=True), []),
        ({"audio": False}, film(sound=True), []),
        ({"audio": True}, still(10, 10), []),
        ({"resolution": "2K"}, still(2048, 2048), []),
        ({"resolution": "4K"}, still(1024, 1024), [["resolution", "4K", "1024×1024"]]),
        ({}, film(1, 1, 0), []),
    ],
)
def test_what_differs_is_said_and_what_fits_is_not(asked, facts, found):
    assert differences(asked, facts) == found


@pytest.mark.parametrize(
    ("facts", "named"),
    [
        (film(), (".mp4", "video/mp4")),
        (still(1, 1), (".png", "image/png")),
        (still(1, 1, "jpeg"), (".jpg", "image/jpeg")),
        (still(1, 1, "webp"), (".webp", "image/webp")),
    ],
)
def test_a_file_is_named_by_its_content(facts, named):
    assert file_type(facts) == named
