"""Inner addresses in every spelling that can be generated, at both doors: a canary on loopback
counts connections, and there are none."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.network.doors import GET, by_line, by_looker
from tests.network.faults import answers, server
from videos.network.addresses import BlockedAddress, check_url
from videos.network.exchange import NotSent

LAX = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}
INNER = ((127, 0, 0, 1), (127, 255, 255, 254), (169, 254, 169, 254), (10, 0, 0, 9), (192, 168, 1, 1), (100, 100, 100, 200), (0, 0, 0, 0))  # fmt: skip
NUMBERS = (
    str,
    "{:o}".format,
    "0{:o}".format,
    "0x{:x}".format,
    "0X{:X}".format,
    "{:03d}".format,
    "0x{:08x}".format,
)
DIGITS = ("0123456789", "０１２３４５６７８９", "⓪①②③④⑤⑥⑦⑧⑨", "٠١٢٣٤٥٦٧٨٩", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗")
DOTS = (".", "。", "．", "%2e", "｡")
AROUND = ("{}", "{}.", "{}..", "vendor.example@{}", "{}#@vendor.example", "{}\\@vendor.example", "[{}]", "[::ffff:{}]", "[::{}]", "[64:ff9b::{}]", "{}%00.vendor.example", " {}", "{}\t")  # fmt: skip


def shortened(ip: tuple[int, ...], parts: int) -> list[int]:
    """127.0.0.1 in two parts is 127 and 1: the last one takes what is left."""
    head, rest = ip[: parts - 1], ip[parts - 1 :]
    return [*head, int.from_bytes(bytes(rest), "big")]


@st.composite
def spellings(draw) -> str:
    numbers = shortened(draw(st.sampled_from(INNER)), draw(st.integers(1, 4)))
    written = [draw(st.sampled_from(NUMBERS))(number) for number in numbers]
    host = draw(st.sampled_from(DOTS)).join(written)
    host = host.translate(str.maketrans(DIGITS[0], draw(st.sampled_from(DIGITS))))
    if draw(st.booleans()):
        at = draw(st.integers(0, len(host) - 1))
        host = host[:at] + "".join(f"%{byte:02x}" for byte in host[at].encode()) + host[at + 1 :]
    return draw(st.sampled_from(AROUND)).format(host)


def stays_outside(door, host: str, canary) -> None:
    for port in ("", f":{canary.port}", ":443"):
        url = f"https://{host}{port}"
        with pytest.raises(NotSent) as caught:
            door(GET, base_url=url, deadline=3.0)
        assert caught.value.reason.startswith(("blocked:", "dns")), (url, caught.value.reason)
    assert canary.connections == 0, host


@settings(max_examples=150, **LAX)
@given(host=spellings())
def test_a1_a2_a11_no_generated_spelling_of_an_inner_address_is_dialled(host):
    with server(answers()) as canary:
        stays_outside(by_line, host, canary)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("door", [by_line, by_looker])
@settings(max_examples=5000, **LAX)
@given(host=spellings())
def test_a1_a2_a11_nor_however_many_are_tried(door, host):
    with server(answers()) as canary:
        stays_outside(door, host, canary)


def test_what_is_generated_would_be_understood_by_a_lax_reader():
    """The proof that these are spellings of something: Python's own resolver takes some of them."""
    taken = [".".join(map(str, shortened((127, 0, 0, 1), parts))) for parts in (1, 2, 3, 4)]
    assert taken == ["2130706433", "127.1", "127.0.1", "127.0.0.1"]
    for host in taken:
        with pytest.raises(BlockedAddress):
            check_url(f"https://{host}/")
