"""The database cannot be written while a vendor answers a paid request."""

import pytest
from django.db import InternalError, OperationalError

from tests.jobs.engine import drive, press
from videos.jobs.sending import submit

pytestmark = pytest.mark.django_db


@pytest.mark.both_databases
@pytest.mark.parametrize("error", [OperationalError, InternalError], ids=["SQLite's way", "PostgreSQL's way"])
def test_an_answer_is_written_when_the_database_can_be_written_again(member, key, vendor, monkeypatch, error):
    """It was paid for. The database became one that can only be read while the vendor answered."""
    tries, honest = [], submit.apply_outcome

    def answer(*args, **more):
        tries.append(1)
        if len(tries) < 3:
            raise error("cannot execute UPDATE in a read-only transaction")
        honest(*args, **more)

    monkeypatch.setattr(submit, "apply_outcome", answer)
    monkeypatch.setattr(submit, "WRITE_AGAIN_AFTER", 0.01)
    monkeypatch.setattr(submit, "close_old_connections", lambda: None)  # the test's own is open
    job = drive(press(member))
    assert (job.state, len(tries), len(vendor.sent)) == ("running", 3, 1)
