"""What the server in front of Django takes a request for, and how it hands out answers."""

import os

SIZE = 20_000_000  # bytes of every answer of ``much``: more than both ends of a line hold


def scheme(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["wsgi.url_scheme"].encode()]


def length(environ, start_response):
    """How much of its body a request brought."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(len(environ["wsgi.input"].read())).encode()]


def much(environ, start_response):
    """``/film``: a file (``SERVED_FILE``); ``/words``: as many bytes at once; ``/drip``: the same in
    parts, without a length; ``/length``: how much the request brought; elsewhere one word."""
    way = environ["PATH_INFO"].rpartition("/")[2]
    headers = [("Content-Type", "text/plain")]
    if way == "length":
        return length(environ, start_response)
    if way == "drip":
        start_response("200 OK", headers)
        return (b"y" * 100_000 for _part in range(SIZE // 100_000))
    if way in ("film", "words"):
        start_response("200 OK", [*headers, ("Content-Length", str(SIZE))])
        if way == "words":
            return [b"y" * SIZE]
        return environ["wsgi.file_wrapper"](open(os.environ["SERVED_FILE"], "rb"))
    start_response("200 OK", [*headers, ("Content-Length", "2")])
    return [b"ok"]
