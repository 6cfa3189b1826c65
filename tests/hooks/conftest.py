"""The rows and the badly behaved vendor of tests/jobs, seen from the doors without a session."""

from tests.jobs.conftest import key, member, quiet_place, vendor

__all__ = ["key", "member", "quiet_place", "vendor"]
