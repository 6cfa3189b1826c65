"""The handlers for 400, 403, 404 and 500, and for requests that are too large.

None of these reads the body, which may be what failed: Django's own handlers do, because they ask for the
form's CSRF token (``requires_csrf_token``).
"""

import errno
import sqlite3
import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.template.loader import get_template
from django.utils.translation import gettext
from django_htmx.http import reswap, retarget

from videos.accounts.lengths import BodyTooLong
from videos.media.serve import FileMissing

# PostgreSQL's codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
DISK_FULL, READ_ONLY = "53100", "25006"
RETRY_AFTER = 5  # seconds; a database that restarts is back in less


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answers a request that exceeds a limit with that limit: as a message beside the form, which stays as
    it is, or as a page (413). Any other request that cannot be read gets 400."""
    limit = exceeded_limit(exception)
    if not limit:
        return render_without_request("400.html", 400)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"error": limit}, status=413)
    if getattr(request, "htmx", False):
        reassurance = gettext("Nothing was sent, and all of it still stands in the form.")
        answer = render(
            request, "_toast.html", {"tone": "error", "text": f"{limit} {reassurance}"}, status=422
        )
        return reswap(retarget(answer, "#toasts"), "beforeend")
    return render(request, "413.html", {"said": limit}, status=413)


def not_here(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answers 404. Where a row that the person may see names a file that the store does not have, the page
    says that."""
    if isinstance(exception, FileMissing):
        return render(request, "file_missing.html", status=404)
    return render(request, "404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answers 403 for Django and its packages; ``access.Forbidden`` is answered in
    videos/accounts/middleware.py."""
    return render(request, "403.html", status=403)


def render_without_request(name: str, status: int, **context: object) -> HttpResponse:
    """Renders a page without the request, because what the page would ask of it may be what failed."""
    return HttpResponse(get_template(name).render(context), status=status)


def exceeded_limit(exception: Exception) -> str:
    """The sentence about the limit that was exceeded; empty for another exception."""
    if isinstance(exception, BodyTooLong):
        size = filesizeformat(exception.most)
        return gettext("One sending may have %(size)s in all; this has more.") % {"size": size}
    if isinstance(exception, RequestDataTooBig):
        size = filesizeformat(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        return gettext("The words of one sending may have %(size)s; these have more.") % {"size": size}
    if isinstance(exception, TooManyFilesSent):
        most = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        return gettext("One sending may bring %(most)s files; this brought more.") % {"most": most}
    if isinstance(exception, TooManyFieldsSent):
        most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
        return gettext("One sending may have %(most)s fields; this had more.") % {"most": most}
    return ""


def broken(request: HttpRequest) -> HttpResponse:
    """Answers 503 and when to try again for a database that is unavailable or locked for a moment, 507 for
    a full disk, and 500 for everything else."""
    if is_disk_full(sys.exception()):
        return render_without_request("507.html", 507)
    if is_database_unavailable(error := sys.exception()):
        answer = render_without_request("503.html", 503, read_only=is_read_only(error))
        answer.headers["Retry-After"] = str(RETRY_AFTER)
        return answer
    return render_without_request("500.html", 500)


def is_disk_full(error: BaseException | None) -> bool:
    """Whether the error comes from a full disk: our own file or cache, SQLite, or PostgreSQL."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if (
            getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
            or getattr(error, "sqlstate", "") == DISK_FULL
        ):
            return True
        error = error.__cause__ or error.__context__
    return False


def is_database_unavailable(error: BaseException | None) -> bool:
    """Whether the database cannot be used now. For SQLite that includes a locked or missing file, but not a
    wrong query, which it reports by the same class."""
    if is_read_only(error):
        return True
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    return getattr(error.__cause__, "sqlite_errorcode", None) != sqlite3.SQLITE_ERROR


def is_read_only(error: BaseException | None) -> bool:
    """Whether the database answers and accepts no writes, because its disk, its server or its role is
    read-only."""
    if not isinstance(error, DatabaseError):
        return False
    sqlite, postgres = (getattr(error.__cause__, name, None) for name in ("sqlite_errorcode", "sqlstate"))
    return (sqlite or 0) & 0xFF == sqlite3.SQLITE_READONLY or postgres == READ_ONLY
