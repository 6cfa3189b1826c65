"""The stub answers what the adapter reads as work in progress; a film arrives whole."""

import http.client
import json

from bench.connections import CALL, look
from bench.stub import WORKING, stub
from tests.builders import VENDOR
from videos.vendors import registry
from videos.vendors.contract import Reply, Working


def ask(port, times=1):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    answers = []
    for _ in range(times):
        connection.request("GET", CALL.path)
        answers.append(connection.getresponse().read())
    connection.close()
    return answers


def test_it_says_the_same_over_one_connection():
    with stub() as port:
        assert ask(port, 3) == [json.dumps(WORKING).encode()] * 3


def test_the_adapter_reads_it_as_working():
    reply = Reply(200, json.dumps(WORKING).encode(), {})
    assert registry.vendor(VENDOR).read_check(reply) == Working(word="IN_PROGRESS")


def test_a_film_drips_and_arrives_whole(tmp_path):
    film = tmp_path / "film.mp4"
    film.write_bytes(bytes(range(256)) * 40)
    with stub("--file", str(film), "--rate", "200000") as port:
        assert ask(port) == [film.read_bytes()]


def test_the_looker_gets_through():
    with stub() as port:
        assert look(port, looks=8, connections=4).cpu >= 0
