"""The address rule by itself: no socket is opened here."""

import ipaddress
import re
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videos.network.addresses import MAX_URL, BlockedAddress, check_url, refusal, with_https

INNER = """
127.0.0.1 127.8.9.10 0.0.0.0 0.1.2.3 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254
100.64.0.1 100.100.100.200 168.63.129.16 192.0.0.192 192.0.2.1 198.18.0.1 198.51.100.7 203.0.113.9
192.88.99.1 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::1
100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:10::1 2001:db8::1 2002:7f00:1::
2002:a9fe:a9fe:: 3fff::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%1 fec0::1 ff02::1 4000::1 5f00::1
""".split()


@pytest.mark.parametrize("ip", INNER)
def test_a1_a2_addresses_that_are_not_public_are_refused(ip):
    assert refusal(ip)


@pytest.mark.parametrize("ip", ["8.8.8.8", "1.1.1.1", "104.16.0.1", "2606:4700::1111", "2a00:1450:4001::1"])
def test_public_addresses_pass(ip):
    assert refusal(ip) is None


@given(st.ip_addresses())
def test_nothing_passes_that_python_calls_special(ip):
    if refusal(ip) is None:
        assert ip.is_global
        assert not (ip.is_private or ip.is_multicast or ip.is_reserved or ip.is_loopback or ip.is_link_local)


@given(st.ip_addresses(v=4))
def test_no_ipv4_address_gets_through_in_ipv6_clothes(ip):
    number = int(ip)
    for dressed in (number, 0xFFFF << 32 | number, 0x64FF9B << 96 | number, 0x2002 << 112 | number << 80):
        assert refusal(ipaddress.IPv6Address(dressed))


REFUSED = {
    "http://vendor.example/x": "not_https",
    "https://vendor.example:8443/x": "port",
    "https://vendor.example:22/": "port",
    "https://vendor.example:6379/": "port",
    "https://vendor.example:0/": "port",
    "https://vendor.example:99999/": "port",
    "https://127.0.0.1/": "loopback",
    "https://2130706433/": "odd_number",
    "https://0x7f000001/": "odd_number",
    "https://0x7f.1/": "odd_number",
    "https://0177.0.0.1/": "odd_number",
    "https://017700000001/": "odd_number",
    "https://127.1/": "odd_number",
    "https://127.0.0.1./": "loopback",
    "https://[::1]/": "loopback",
    "https://[::ffff:127.0.0.1]/": "mapped",
    "https://[64:ff9b::7f00:1]/": "nat64",
    "https://[fe80::1%25eth0]/": "malformed",
    "https://localhost/": "inner_name",
    "https://LOCALHOST./": "inner_name",
    "https://a.localhost/": "inner_name",
    "https://metadata.google.internal/": "inner_name",
    "https://redis/": "inner_name",
    "https://printer.local/": "inner_name",
    "https://user@vendor.example/": "userinfo",
    "https://user:pass@vendor.example/": "userinfo",
    "https://vendor.example@127.0.0.1/": "userinfo",
    "https://@vendor.example/": "userinfo",
    "https://vendor.example\\@127.0.0.1/": "backslash",
    "https://vendor.example/\r\nHost: x": "control_characters",
    "https://vendor.example/%0d%0aHost:x": "control_characters",
    "https://vendor.example/a%00b": "control_characters",
    "https://ven\tdor.example/": "control_characters",
    "https://vendor.example/" + "a" * 65536: "too_long",
    "https://vendör.example/": "look_alike",
    "https://xn--vendr-6ua.example/": "look_alike",
    "https://ⓛocalhost/": "look_alike",
    "https://１２７.0.0.1/": "look_alike",
    "https://127。0。0。1/": "look_alike",
    "ftp://vendor.example/": "scheme",
    "file:///etc/passwd": "scheme",
    "gopher://vendor.example/": "scheme",
    "//vendor.example/": "scheme",
    "vendor.example": "scheme",
    "": "scheme",
    "https://": "malformed",
    "https:///x": "malformed",
    "https://a..example/": "malformed",
    "https://-a.example/": "malformed",
    "https://[::1/": "malformed",
    "https://vendor.example:port/": "malformed",
    "https://ven dor.example/": "malformed",
}


@pytest.mark.parametrize(("url", "reason"), REFUSED.items(), ids=lambda value: value[:40])
def test_a1_a7_a11_urls_refused_by_their_text(url, reason):
    with pytest.raises(BlockedAddress) as caught:
        check_url(url)
    assert caught.value.reason == reason


def test_a_link_of_a_real_storage_passes_unharmed():
    url = "https://cdn.vendor.example/a%20b/c.mp4?X-Sig=ab%2Fcd%3D&X-Date=2026&list=1,2"
    address = check_url(url)
    assert address.url == url
    assert (address.host, address.port, address.trusted) == ("cdn.vendor.example", 443, False)


def test_letters_and_spaces_in_a_path_are_encoded_and_a_fragment_is_dropped():
    assert check_url("https://a.example/片 1.mp4?q=é#x").target == "/%E7%89%87%201.mp4?q=%C3%A9"


RAW = {
    "/my film.mp4?name=my film": "/my%20film.mp4?name=my%20film",
    '/"a".mp4?d=attachment; filename="b c.mp4"': "/%22a%22.mp4?d=attachment;%20filename=%22b%20c.mp4%22",
    "/a[1].mp4?list[]=1&x={y}": "/a%5B1%5D.mp4?list%5B%5D=1&x=%7By%7D",
    r"/a\b.mp4?c=d\e": "/a%5Cb.mp4?c=d%5Ce",
    "/a|b^c`d<e>.mp4?f|g": "/a%7Cb%5Ec%60d%3Ce%3E.mp4?f%7Cg",
    "/100%.mp4?q=50%&r=%2&s=%zz&t=%": "/100%25.mp4?q=50%25&r=%252&s=%25zz&t=%25",
    "/%2F%2f%e7%E7.mp4?sig=a%2Bb%3d%3D": "/%2F%2f%e7%E7.mp4?sig=a%2Bb%3d%3D",
    "/a+b.mp4?c+d=e+f": "/a+b.mp4?c+d=e+f",
    "/a;v=1,2/b(c)*'d'!$&=@:~.mp4?x=/?:@": "/a;v=1,2/b(c)*'d'!$&=@:~.mp4?x=/?:@",
    "/a/../b/./c//d.mp4": "/a/../b/./c//d.mp4",
    "/电影　🎬.mp4": "/%E7%94%B5%E5%BD%B1%E3%80%80%F0%9F%8E%AC.mp4",
    "/x?": "/x?",
    "/x?a=1?b=2": "/x?a=1?b=2",
    "?a=1": "/?a=1",
    "": "/",
    "/\udce9.mp4": "/%E9.mp4",  # a header's byte that was no UTF-8
}


@pytest.mark.parametrize(("raw", "sent"), RAW.items(), ids=RAW.values())
def test_a_link_is_encoded_where_rfc_3986_asks_for_it_and_nowhere_else(raw, sent):
    assert check_url(f"https://cdn.example{raw}").target == sent


@given(st.text(max_size=60), st.text(max_size=60))
def test_encoding_changes_no_byte_of_what_is_meant_and_is_done_once(path, query):
    raw = f"/{path}?{query}".partition("#")[0]
    try:
        address = check_url(f"https://cdn.example{raw}#x")
    except BlockedAddress as error:
        assert error.reason == "control_characters"
        return
    assert re.fullmatch(r"/(?:[A-Za-z0-9/:@!$&'()*+,;=\-._~?]|%[0-9A-Fa-f]{2})*", address.target)
    assert unquote_to_bytes(address.target) == unquote_to_bytes(raw.rstrip(" "))
    assert check_url(address.url).url == address.url


@given(
    st.from_regex(
        r"/(?:[A-Za-z0-9/:@!$&'()*+,;=\-._~]|%[2-6][0-9A-Fa-f]|%[89A-F][0-9a-f]){0,60}", fullmatch=True
    )
)
def test_what_is_already_encoded_stays_byte_for_byte(target):
    assert check_url(f"https://cdn.example{target}").target == target


@given(st.text("ab.:@/\\?#[]%| \u3000é1", max_size=24))
def test_a11_whatever_stands_around_the_host_only_one_reading_of_it_passes(text):
    """What other readers could take for another host is refused, so the host that was judged is
    the one before the first slash, question mark or number sign."""
    try:
        address = check_url(f"https://{text}")
    except BlockedAddress:
        return
    before = re.split(r"[/?#]", text)[0]
    assert address.host == before.strip(" ").removesuffix(":443").lower().removesuffix(".")


def test_a_long_link_is_one_as_far_as_servers_read_them():
    assert check_url("https://a.example/" + "a" * (MAX_URL - 18)).target
    with pytest.raises(BlockedAddress, match="too_long"):
        check_url("https://a.example/" + "a" * (MAX_URL - 17))


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/\ud800", "https://a.example/\ud800", "https://a.example/?\udbff"]
)
def test_half_a_character_is_no_link(url):
    with pytest.raises(BlockedAddress):
        check_url(url)


HTTP = {
    "http://cdn.example/a b.mp4?x=1#y": "https://cdn.example/a b.mp4?x=1",
    "HTTP://CDN.example:80/a": "https://CDN.example/a",
    "https://cdn.example/a": "https://cdn.example/a",
    "http://cdn.example:8080/a": "http://cdn.example:8080/a",
    "http://127.0.0.1:8800/a": "http://127.0.0.1:8800/a",
    "http://inner/a": "http://inner/a",
    "http://10.0.0.9/a": "https://10.0.0.9/a",  # and refused, as before
}


@pytest.mark.parametrize(("url", "asked"), HTTP.items())
def test_http_becomes_https_on_the_same_host_and_nowhere_else(url, asked):
    assert with_https(url, frozenset({("127.0.0.1", 8800), ("inner", 80)})) == asked


def test_http_on_80_only_where_the_caller_allows_it():
    assert check_url("http://a.example/", https_only=False).port == 80
    for url in ("http://a.example:8000/", "http://127.0.0.1/", "http://a.example:443/"):
        with pytest.raises(BlockedAddress):
            check_url(url, https_only=False)


def test_trust_is_a_host_and_a_port_and_nothing_beside_it():
    trusted = frozenset({("127.0.0.1", 8800), ("sandbox", 8801), ("::1", 8802)})
    assert check_url("http://127.0.0.1:8800/x", trusted=trusted).trusted
    assert check_url("http://SANDBOX.:8801/x", trusted=trusted).url == "http://sandbox:8801/x"
    assert check_url("http://[0:0::1]:8802/x", trusted=trusted).url == "http://[::1]:8802/x"
    for url in (
        "http://127.0.0.1:8801/",
        "http://127.0.0.2:8800/",
        "http://sandbox/",
        "http://u@sandbox:8801/",
    ):
        with pytest.raises(BlockedAddress):
            check_url(url, trusted=trusted)


@given(st.text(max_size=60))
def test_any_text_is_judged_and_never_crashes(text):
    for url in (text, "https://" + text, "https://a.example/" + text):
        try:
            address = check_url(url)
        except BlockedAddress:
            continue
        assert address.url.isascii()
        assert not any(c.isspace() for c in address.url)
        assert address.port == 443
