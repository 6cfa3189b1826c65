"""Every vendor's recorded answers, packed by somebody on the way although identity was asked."""

import gzip
import zlib

import pytest

from tests.network.doors import by_line, by_looker
from tests.network.faults import answers, bare_deflated, brotlied, framed, server
from tests.vendors.asking import IDEM, filled
from tests.vendors.recorded import recordings
from videos.network.exchange import Lost
from videos.vendors import registry
from videos.vendors.contract import Accepted, Finished

VENDORS = pytest.mark.parametrize("vendor", registry.VENDORS.values(), ids=registry.VENDORS)
WAYS = {
    "gzip": (gzip.compress, "gzip"),
    "gzip under no name": (gzip.compress, "identity"),
    "deflate": (zlib.compress, "deflate"),
    "bare deflate": (bare_deflated, "deflate"),
    "br": (brotlied, "br"),
    "frames": (framed, "aws-chunked"),
    "named and not packed": (bytes, "gzip"),
}
WAY = pytest.mark.parametrize("way", WAYS)


def recorded(vendor, pattern):
    return next(r for r in recordings(pattern) if r.slug == vendor.slug)


def packed(way, told):
    pack, name = WAYS[way]
    return answers(told.told["status"], pack(told.body()), content_encoding=name)


def submit(vendor):
    model = vendor.models[0]
    return vendor.submit(model, filled(model)[0], idem_key=IDEM)


@VENDORS
@WAY
def test_trap_a7_11_a_packed_answer_to_a_paid_request_is_read(vendor, way):
    told = recorded(vendor, "submit-taken")
    with server(packed(way, told)) as there:
        outcome = vendor.read_submit(by_line(submit(vendor), base_url=there.url, trusted=there.trusted))
    assert isinstance(outcome, Accepted) and outcome.task_id == told.told["expect"]["task_id"]


@VENDORS
@WAY
def test_trap_a7_11_so_is_one_to_a_look(vendor, way):
    told = recorded(vendor, "check-finished*")
    with server(packed(way, told)) as there:
        call = vendor.check(vendor.adopt("task-1"))
        outcome = vendor.read_check(by_looker(call, base_url=there.url, trusted=there.trusted))
    assert isinstance(outcome, Finished) and outcome == told.read()


@VENDORS
@pytest.mark.parametrize(
    "body", [gzip.compress(bytes(8 << 20)), gzip.compress(b"{}" * 99)[:-5]], ids=["bomb", "cut"]
)
def test_trap_a7_11_a_paid_request_whose_answer_cannot_be_unpacked_is_lost(vendor, body):
    with server(answers(body=body, content_encoding="gzip")) as there, pytest.raises(Lost):
        by_line(submit(vendor), base_url=there.url, trusted=there.trusted)
    assert len(there.heard) == 1
