"""One call, one reply, and the line between "surely not sent" and "nobody knows"."""

import asyncio
import socket
import subprocess
import sys
import time

import pytest

from tests.network.doors import GET, KEY, POST, Names, both_doors, by_line
from tests.network.faults import (
    answers,
    bomb,
    drips,
    endless,
    head,
    raw,
    resets,
    server,
    silent,
)
from tests.ports import free_port
from videos.network.client import Connection
from videos.network.exchange import Looker, Lost, NotSent
from videos.vendors.contract import Call


@both_doors
def test_a_call_arrives_as_it_was_written(door):
    with server(answers(202, b'{"id":"t"}', X_Request_Id="r1", content_type="application/json")) as vendor:
        reply = door(POST, base_url=vendor.url + "/api/", trusted=vendor.trusted)
    assert (reply.status, reply.body, reply.headers["x-request-id"]) == (202, b'{"id":"t"}', "r1")
    (heard,) = vendor.heard
    assert (heard.method, heard.target, heard.body) == ("POST", "/api/v1/generate", POST.body)
    sent = heard.headers
    assert sent["authorization"] == f"Bearer {KEY}"
    assert (sent["content-type"], sent["accept"]) == ("application/json", "application/json")
    assert (sent["accept-encoding"], sent["idempotency-key"]) == ("identity", "k-1")
    assert sent["host"] == f"127.0.0.1:{vendor.port}"


@both_doors
def test_a_call_cannot_bring_another_key_and_a_get_has_no_body(door):
    call = Call("GET", GET.path, headers=(("Authorization", "Bearer other"),))
    with server(answers()) as vendor:
        door(call, base_url=vendor.url, trusted=vendor.trusted)
    assert vendor.heard[0].headers["authorization"] == f"Bearer {KEY}"
    assert vendor.heard[0].target == GET.path
    assert "content-type" not in vendor.heard[0].headers


@both_doors
def test_what_is_encoded_in_a_path_stays_as_it_is(door):
    call = Call("GET", "/v1/t/a%2Fb%20c:d@e?x=%2B+1&y=%E7%89%87&z=a/b?c")
    with server(answers()) as vendor:
        door(call, base_url=vendor.url, trusted=vendor.trusted)
    assert vendor.heard[0].target == call.path


def test_every_submit_has_a_connection_of_its_own():
    with server(answers()) as vendor:
        for _ in range(3):
            by_line(POST, base_url=vendor.url, trusted=vendor.trusted)
    assert vendor.connections == 3


def test_looks_share_connections_but_not_across_sets_of_trust():
    with server(answers()) as vendor:

        async def look_often():
            async with Looker(connections=2) as look:
                for trusted in [vendor.trusted] * 3 + [vendor.trusted | {("sandbox", 1)}]:
                    await look.send(GET, base_url=vendor.url, key=KEY, trusted=trusted, deadline=3)

        asyncio.run(look_often())
    assert (vendor.connections, len(vendor.heard)) == (2, 4)


def test_f40_a_vendor_that_hangs_holds_up_nobody_else():
    async def look_at(*vendors):
        trusted = frozenset().union(*(one.trusted for one in vendors))  # one door for all
        async with Looker(connections=2) as look:
            looks = [
                look.send(GET, base_url=one.url, key=KEY, trusted=trusted, deadline=2) for one in vendors
            ]
            return await asyncio.gather(*looks, return_exceptions=True)

    with server(silent()) as hanging, server(answers()) as lively:
        looks = [hanging] * 10 + [lively] * 40
        said = asyncio.run(look_at(*looks))
    assert [type(one) for one in said[:10]] == [Lost] * 10
    assert {one.status for one in said[10:]} == {200}
    assert lively.connections <= 2


# --- surely not sent --------------------------------------------------------


@both_doors
def test_f6_nobody_listens(door):
    port = free_port()
    with pytest.raises(NotSent, match="connect"):
        door(POST, base_url=f"http://127.0.0.1:{port}", trusted=frozenset({("127.0.0.1", port)}))


@both_doors
def test_f6_no_such_name(door):
    with pytest.raises(NotSent, match="dns"):
        door(POST, base_url="https://no-such-vendor.invalid")


@both_doors
@pytest.mark.parametrize("key", ["", "sk-a\r\nHost: evil", "sk a", "schlüssel"])
def test_a_key_that_is_no_header_value_is_refused_and_not_repeated_in_the_error(door, key):
    with server(answers()) as vendor, pytest.raises(NotSent) as caught:
        door(POST, base_url=vendor.url, trusted=vendor.trusted, key=key)
    assert caught.value.reason == "key"
    assert vendor.connections == 0


def test_f18_a_process_that_wakes_up_past_its_deadline_does_not_send():
    with server(answers()) as vendor:
        connection = Connection(vendor.trusted, deadline=0.2)
        stream = connection.connect_tcp("127.0.0.1", vendor.port)
        time.sleep(0.3)
        with pytest.raises(Exception, match="deadline"):
            stream.write(b"POST / HTTP/1.1\r\n\r\n")
        stream.close()
    assert not connection.sent
    assert not vendor.heard


# --- nobody knows -----------------------------------------------------------

LOSSES = {
    "reset": (resets(), "cut"),
    "closed": (raw(b""), "cut"),
    "reset in the head": (resets(b"HTTP/1.1 200 OK\r\nContent-"), "cut"),
    "reset in the body": (resets(head(content_length=100) + b"{"), "cut"),
    "truncated": (raw(head(content_length=100) + b'{"id":'), "cut"),
    "truncated chunks": (raw(head(transfer_encoding="chunked") + b"5\r\n{}"), "cut"),
    "garbage chunks": (raw(head(transfer_encoding="chunked") + b"zz\r\n{}\r\n"), "cut"),
    "not http": (raw(b"SSH-2.0-OpenSSH_9\r\n\r\n"), "cut"),
    "encoded": (answers(body=b"\x28\xb5\x2f\xfd", content_encoding="zstd"), "encoded"),
    "bomb": (bomb(8), "too_big"),
    "announced too big": (answers(body=b"x" * (1 << 20) + b"y"), "too_big"),
    "endless": (endless(), "too_big"),
    "many headers": (raw(head(**{f"x{n}": "y" * 64 for n in range(20000)}) + b"{}"), "cut"),
}


@both_doors
@pytest.mark.parametrize("name", LOSSES)
def test_f5_f9_a9_a_spoiled_reply_is_lost_and_sent_once(door, name):
    behaviour, reason = LOSSES[name]
    with server(behaviour) as vendor, pytest.raises(Lost) as caught:
        door(POST, base_url=vendor.url, trusted=vendor.trusted)
    assert caught.value.reason == reason
    assert len(vendor.heard) == 1


DRIPS = {
    "silence": silent(),
    "dripped head": drips(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
    "dripped letter": drips(b"HTTP/1.1 200 OK\r\nX: ", b"x"),
    "dripped body": drips(head(content_length=10_000), b"x"),
    "dripped hints": drips(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
}


@both_doors
@pytest.mark.parametrize("name", DRIPS)
def test_a9_the_deadline_is_total_however_lively_the_drip(door, name):
    began = time.monotonic()
    with server(DRIPS[name]) as vendor, pytest.raises(Lost, match="timeout"):
        door(POST, base_url=vendor.url, trusted=vendor.trusted, deadline=0.6)
    assert time.monotonic() - began < 4


def test_a_vendor_that_does_not_read_is_cut_at_the_deadline_too():
    call = Call("POST", "/v1/generate", b"x" * (32 << 20))
    with socket.create_server(("127.0.0.1", 0)) as listener:  # connects by backlog, never reads
        port = listener.getsockname()[1]
        trusted = frozenset({("127.0.0.1", port)})
        began = time.monotonic()
        with pytest.raises(Lost, match="timeout"):
            by_line(call, base_url=f"http://127.0.0.1:{port}", trusted=trusted, deadline=0.6)
    assert time.monotonic() - began < 4


MEMORY = """
import resource, sys
from tests.network.doors import POST, by_line, by_looker
from videos.network.exchange import Lost
door, port = {"by_line": by_line, "by_looker": by_looker}[sys.argv[1]], int(sys.argv[2])
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
before = peak()
try:
    door(POST, base_url=f"http://127.0.0.1:{port}", trusted=frozenset({("127.0.0.1", port)}))
except Lost as lost:
    print(lost.reason, peak() - before)
"""


@both_doors
@pytest.mark.parametrize(
    ("behaviour", "reason"), [(bomb(), "too_big"), (endless(), "too_big")], ids=["bomb", "endless"]
)
def test_a9_memory_stays_bounded(door, behaviour, reason):
    with server(behaviour) as vendor:
        said = subprocess.run(
            [sys.executable, "-c", MEMORY, door.__name__, str(vendor.port)],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        ).stdout.split()
    assert said[0] == reason
    assert int(said[1]) < 64


def test_an_error_reply_is_a_reply():
    for status in (400, 401, 402, 404, 409, 429, 500, 503):
        with server(answers(status, b'{"error":1}', retry_after="7")) as vendor:
            reply = by_line(POST, base_url=vendor.url, trusted=vendor.trusted)
        assert (reply.status, reply.headers["retry-after"]) == (status, "7")


# --- redirects --------------------------------------------------------------


@both_doors
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a6_a_redirect_is_a_reply_and_the_key_goes_nowhere(door, status):
    with server(answers()) as elsewhere:
        for location in (
            f"{elsewhere.url}/v1/generate",
            "http://[broken",
            "file:///etc/passwd",
            "/v1/generate",
        ):
            with server(answers(status, location=location)) as vendor:
                reply = door(POST, base_url=vendor.url, trusted=vendor.trusted | elsewhere.trusted)
            assert (reply.status, reply.headers["location"]) == (status, location)
            assert len(vendor.heard) == 1
        assert elsewhere.connections == 0


def www(monkeypatch, status, path="/v1/generate", host="www.vendor.example"):
    """A vendor whose bare domain points to www, on one port."""
    Names(monkeypatch, vendor_example=[["127.0.0.1"]], www_vendor_example=[["127.0.0.1"]])

    def behave(heard, connection):
        if heard.headers["host"].startswith("www."):
            return answers(200, b'{"id":"t"}')(heard, connection)
        port = heard.headers["host"].partition(":")[2]
        return answers(status, location=f"http://{host}:{port}{path}")(heard, connection)

    return server(behave)


@both_doors
@pytest.mark.parametrize("status", [307, 308])
def test_3_14_the_bare_domain_of_one_vendor_leads_to_www_with_the_key(door, status, monkeypatch):
    with www(monkeypatch, status) as vendor:
        trusted = frozenset({("vendor.example", vendor.port), ("www.vendor.example", vendor.port)})
        reply = door(POST, base_url=f"http://vendor.example:{vendor.port}", trusted=trusted)
    assert reply.status == 200
    assert [heard.headers["host"].partition(":")[0] for heard in vendor.heard] == [
        "vendor.example",
        "www.vendor.example",
    ]
    assert vendor.heard[1].body == POST.body
    assert vendor.heard[1].headers["authorization"] == f"Bearer {KEY}"
    assert vendor.heard[1].headers["idempotency-key"] == "k-1"


@both_doors
@pytest.mark.parametrize(
    "more",
    [{"status": 302}, {"status": 307, "path": "/v1/other"}, {"status": 307, "host": "www.evil.example"}],
)
def test_3_14_nothing_but_that_is_followed(door, more, monkeypatch):
    with www(monkeypatch, **more) as vendor:
        hosts = ("vendor.example", "www.vendor.example", "www.evil.example")
        trusted = frozenset((host, vendor.port) for host in hosts)
        reply = door(POST, base_url=f"http://vendor.example:{vendor.port}", trusted=trusted)
    assert reply.status == more["status"]
    assert len(vendor.heard) == 1
