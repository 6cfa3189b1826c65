"""The badly behaved vendor of tests/jobs, for what a person reads when it answers."""

from tests.jobs.conftest import member, quiet_place, vendor

__all__ = ["member", "quiet_place", "vendor"]
