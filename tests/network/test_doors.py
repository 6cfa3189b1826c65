"""Both doors against inner addresses. A canary listens on loopback; every test
that must not reach it ends by counting its connections."""

import asyncio
import socket
import time

import aiohttp
import httpcore
import pytest

from tests.network.doors import GET, Names, both_doors, certificate
from tests.network.faults import answers, server
from videos.network.addresses import BlockedAddress, check_url
from videos.network.client import Connection, Transport, request
from videos.network.exchange import NotSent
from videos.network.status_client import status_session

LOOPBACK = """
127.0.0.1 localhost 2130706433 0x7f000001 0x7f.1 0177.0.0.1 017700000001 127.1 127.0.1 0 0.0.0.0
::1 ::ffff:127.0.0.1 ::127.0.0.1 0:0:0:0:0:0:0:1 ::ffff:7f00:1 64:ff9b::7f00:1 2002:7f00:1:: localhost.
""".split()


@pytest.fixture
def canary():
    with server(answers()) as one:
        yield one
        assert one.connections == 0


def by_bare_line(host, port):
    """The door itself, below every check of the URL's text."""
    Connection(frozenset(), deadline=3).connect_tcp(host, port)


def by_bare_looking(host, port):
    async def ask():
        door = status_session(frozenset(), 2)
        bracketed = f"[{host}]" if ":" in host else host
        try:
            await door.get(f"http://{bracketed}:{port}/")
        finally:
            await door.close()

    asyncio.run(ask())


@pytest.mark.parametrize("host", LOOPBACK)
@pytest.mark.parametrize("door", [by_bare_line, by_bare_looking])
def test_a1_no_spelling_of_loopback_is_dialled(door, host, canary):
    with pytest.raises((BlockedAddress, httpcore.ConnectError, aiohttp.ClientError)):
        door(host, canary.port)


@pytest.mark.parametrize("host", LOOPBACK)
@both_doors
def test_a1_a_call_to_a_spelling_of_loopback_is_surely_not_sent(door, host, canary):
    bracketed = f"[{host}]" if ":" in host else host
    for port in ("", f":{canary.port}"):
        with pytest.raises(NotSent) as caught:
            door(GET, base_url=f"https://{bracketed}{port}")
        assert caught.value.reason.startswith("blocked:")


@both_doors
def test_a3_dns_rebinding_is_pinned(door, canary, monkeypatch):
    """Public when it is checked, loopback when asked again: there is one
    question, and the checked address is the one dialled."""
    dialled = []

    def connect(_, address):
        dialled.append(address[:2])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    names = Names(monkeypatch, rebind_example=[["8.8.8.8"], ["127.0.0.1"]])
    with pytest.raises(NotSent, match="connect"):
        door(GET, base_url="https://rebind.example")
    assert names.asked == ["rebind.example"]
    assert dialled == [("8.8.8.8", 443)]


@both_doors
@pytest.mark.parametrize("ips", [["8.8.8.8", "127.0.0.1"], ["127.0.0.1", "8.8.8.8"], ["8.8.8.8", "fd00::1"]])
def test_a4_one_private_answer_spoils_the_name(door, ips, canary, monkeypatch):
    Names(monkeypatch, mixed_example=[ips])
    with pytest.raises(NotSent, match="blocked:(loopback|private)"):
        door(GET, base_url="https://mixed.example")


@both_doors
def test_a2_a_name_of_the_metadata_service_is_refused(door, monkeypatch):
    Names(monkeypatch, innocent_example=[["169.254.169.254"]])
    with pytest.raises(NotSent, match="blocked:link_local"):
        door(GET, base_url="https://innocent.example")


@both_doors
def test_a8_proxies_and_netrc_of_the_environment_are_not_used(door, canary, monkeypatch, tmp_path):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, canary.url)
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login eve password stolen\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with server(answers()) as vendor:
        assert door(GET, base_url=vendor.url, trusted=vendor.trusted).status == 200
    assert vendor.heard[0].headers["authorization"].startswith("Bearer sk-test")


@both_doors
def test_trust_for_one_port_does_not_open_another(door, canary):
    with server(answers()) as vendor:
        with pytest.raises(NotSent, match="blocked:"):
            door(GET, base_url=canary.url, trusted=vendor.trusted)


def test_unix_sockets_are_refused():
    with pytest.raises(BlockedAddress, match="unix_socket"):
        Connection(frozenset(), deadline=1).connect_unix_socket("/run/anything.sock")


def test_the_tls_name_and_the_host_header_stay_the_name(monkeypatch, tmp_path):
    theirs, ours = certificate(tmp_path, "vendor.example")
    Names(monkeypatch, vendor_example=[["127.0.0.1"]])
    with server(answers(body=b"hello"), tls=theirs) as vendor:
        trusted = frozenset({("vendor.example", vendor.port)})
        connection = Connection(trusted, deadline=5)
        address = check_url(f"https://vendor.example:{vendor.port}/x", trusted=trusted)
        with Transport(connection, tls=ours) as transport:
            assert transport.handle_request(request("GET", address, {})).read() == b"hello"
    assert vendor.server_names == ["vendor.example"]
    assert vendor.heard[0].headers["host"] == f"vendor.example:{vendor.port}"
    assert connection.sent


@both_doors
def test_a_certificate_nobody_knows_is_not_sent(door, monkeypatch, tmp_path):
    theirs, _ = certificate(tmp_path, "vendor.example")
    Names(monkeypatch, vendor_example=[["127.0.0.1"]])
    with server(answers(), tls=theirs) as vendor:
        trusted = frozenset({("vendor.example", vendor.port)})
        with pytest.raises(NotSent, match="tls"):
            door(GET, base_url=f"https://vendor.example:{vendor.port}", trusted=trusted)
    assert not vendor.heard


def test_the_canary_would_see_a_connection():
    """The proof that the canary's silence means something."""
    with server(answers()) as one:
        Connection(one.trusted, deadline=3).connect_tcp("127.0.0.1", one.port).close()
        give_up = time.monotonic() + 3
        while not one.connections and time.monotonic() < give_up:
            time.sleep(0.01)
        assert one.connections == 1
