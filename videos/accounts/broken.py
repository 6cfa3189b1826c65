"""What people see when a request ends in an exception nobody caught."""

import sqlite3
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.views.defaults import server_error

AGAIN = 5  # seconds; a database that restarts is back in less


def broken(request: HttpRequest) -> HttpResponse:
    """A database that is away or locked for a moment is no fault of the request: 503, and when
    to come back. Everything else is ours: 500."""
    if is_away(sys.exception()):
        page = get_template("503.html").render()  # without the request: what it asks for is away
        return HttpResponse(page, status=503, headers={"Retry-After": str(AGAIN)})
    return server_error(request)


def is_away(error: BaseException | None) -> bool:
    """Also what SQLite says of a locked or missing file, but not of a wrong query, which it
    reports by the same class."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    return getattr(error.__cause__, "sqlite_errorcode", None) != sqlite3.SQLITE_ERROR
