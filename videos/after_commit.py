"""What was committed is done, whatever fails afterwards: the answer says so, and never that
something went wrong, because people press again when they read that."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.http import HttpRequest, HttpResponse
from django_htmx.http import HttpResponseClientRedirect

log = logging.getLogger(__name__)


@contextmanager
def kept_going(what: str) -> Iterator[None]:
    """Whatever fails inside is written into the log as ``what`` and keeps nothing from going on."""
    try:
        yield
    except Exception:
        log.exception("after the commit: %s", what)


def answered(request: HttpRequest, where: str, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer to something that is done. If it cannot be made (a template, the database that is
    away by now), the person goes on to ``where``, the address of a page that shows what was done."""
    with kept_going(f"the answer of {request.path}"):
        return answer()
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(where)
    return HttpResponse(status=303, headers={"Location": where})
