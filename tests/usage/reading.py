"""Reading the usage page and its file as values."""

import csv
import io
import re

URL = "/t/northlight/usage/"
ORG, ACE = "seedanceapi-org/seedance-2.0", "acedata/doubao-seedance-1-0-pro-250528"


def ask(client, **query):
    return client.get(URL, query)


def rows_of(answer) -> list[list[str]]:
    """The values of the table, as the page carries them."""
    table = re.search(r'<table class="tally tally--cards">(.*?)</table>', answer.content.decode(), re.DOTALL)[
        1
    ]
    body = re.search(r"<tbody>(.*)</tbody>", table, re.DOTALL)[1]
    return [re.findall(r'<data value="([^"]*)"', row) for row in body.split("</tr>") if "<data" in row]


def head_of(answer) -> list[str]:
    table = re.search(r'<table class="tally tally--cards">(.*?)</table>', answer.content.decode(), re.DOTALL)[
        1
    ]
    return re.findall(r'<th scope="col"[^>]*>([^<]*)</th>', table)


def file_of(answer) -> list[list[str]]:
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def column(answer, name: str) -> list[str]:
    place = head_of(answer).index(name)
    return [row[place] for row in rows_of(answer)]
