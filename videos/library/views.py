"""Views of the library: find a picture by name, use it again in one press, rename it, put it in the trash
and take it back."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from videos import access, audit, authority, cards
from videos.library import queries
from videos.models import Membership, Upload, clock
from videos.signin import login_required
from videos.spelling import nfc

LONGEST_NAME = 120


@login_required
@require_GET
def pictures(request: HttpRequest, team: str) -> HttpResponse:
    """Shows the page; for htmx (``before``) the entries that come after."""
    member = access.member_of(request.user, team)
    kind, words, before = (request.GET.get(name, "") for name in ("show", "q", "before"))
    kind, words = kind or "all", words.replace("\0", "")[:200].strip()
    if kind not in queries.KINDS:
        raise Http404
    found = queries.page(member, kind, words, before)
    context = base_context(member) | {
        "entries": found.entries,
        "older": address(kind, words, found.older) if found.older else "",
        "kind": kind,
        "words": words,
        "chips": chips(kind, words),
        "later_page": bool(before),
        "days": settings.TRASH_DAYS,
    }
    return page_or_more(request, "library/page.html", "library/_entries.html", context, before)


@login_required
@require_GET
def picture_clips(request: HttpRequest, team: str) -> HttpResponse:
    """Lists the finished clips: a frame or a still of any of them can be used."""
    member = access.member_of(request.user, team)
    before = request.GET.get("before", "")
    jobs, older = queries.clips(member, before)
    context = base_context(member) | {
        "frames": [(job, cards.Film.of(job, one), one) for job in jobs for one in cards.outputs_to_show(job)],
        "older": f"?before={older}" if older else "",
        "chips": chips("clips", ""),
        "later_page": bool(before),
    }
    return page_or_more(request, "library/clips.html", "library/_frames.html", context, before)


@login_required
@require_GET
def picture_page(request: HttpRequest, team: str, number: int) -> HttpResponse:
    """Shows one upload, and what was made from it."""
    member = access.member_of(request.user, team)
    upload = access.one(access.uploads_known(member).select_related("created_by"), pk=number)
    before = request.GET.get("before", "")
    jobs, older = queries.made_from(member, upload, before)
    context = base_context(member) | {
        "entry": queries.entry(member, upload, queries.uses(member, [upload]).get(upload.pk, 0)),
        "cards": cards.cards(jobs, member),
        "older": f"?before={older}" if older else "",
    }
    return page_or_more(request, "library/picture.html", "library/_made.html", context, before)


@login_required
@require_POST
def picture_name(request: HttpRequest, team: str, number: int) -> HttpResponse:
    member, upload = member_and_upload(request, team, number, "make")
    typed = nfc(request.POST.get("name", "")[:1000])
    name = " ".join(typed.replace("\0", "").split())[:LONGEST_NAME]
    if name:
        with authority.acting(member, "make"):
            Upload.objects.filter(pk=upload.pk).update(name=name)
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("A picture needs a name."))
    return redirect("picture_page", team, number)


@login_required
@require_POST
def picture_trash(request: HttpRequest, team: str, number: int) -> HttpResponse:
    """Puts the upload in the trash. Generations that used it keep it, and the message says so."""
    member, upload = member_and_upload(request, team, number, "trash")
    with authority.acting(member, "trash"):
        if Upload.objects.filter(pk=upload.pk, trashed_at=None).update(trashed_at=clock.now()):
            audit.note(member.team, member.user, "picture.trashed", upload)
    used = queries.uses(member, [upload]).get(upload.pk, 0)
    sentence = _("%(name)s is in the trash.") % {"name": upload.name}
    if used:
        in_use = ngettext(
            "%(count)d clip was made from it: for that clip it stays.",
            "%(count)d clips were made from it: for them it stays.",
            used,
        )
        sentence = f"{sentence} {in_use % {'count': used}}"
    messages.success(request, sentence)
    return redirect("pictures", team)


@login_required
@require_POST
def picture_restore(request: HttpRequest, team: str, number: int) -> HttpResponse:
    member, upload = member_and_upload(request, team, number, "trash")
    with authority.acting(member, "trash"):
        if Upload.objects.filter(pk=upload.pk).exclude(trashed_at=None).update(trashed_at=None):
            audit.note(member.team, member.user, "picture.restored", upload)
    messages.success(request, _("%(name)s is back among the pictures.") % {"name": upload.name})
    return redirect("picture_page", team, number)


# --- what the answers are made of --------------------------------------------


def member_and_upload(request: HttpRequest, team: str, number: int, verb: str) -> tuple[Membership, Upload]:
    member = access.member_of(request.user, team)
    access.require(member, verb)
    return member, access.one(access.uploads_known(member), pk=number)


def base_context(member: Membership) -> dict[str, object]:
    may = {verb: access.can(member, verb) for verb in ("make", "trash")}
    return {"member": member, "team": member.team, "may": may}


def address(kind: str, words: str, before: str = "") -> str:
    parts = {"show": kind if kind != "all" else "", "q": words, "before": before}
    return "?" + urlencode({name: value for name, value in parts.items() if value})


def chips(kind: str, words: str) -> list[dict[str, object]]:
    names = {
        "all": _("Everything"),
        "pictures": _("Pictures only"),
        "videos": _("Videos only"),
        "trash": _("Trash"),
    }
    return [
        {"name": name, "word": word, "url": address(name, words), "current": name == kind}
        for name, word in names.items()
    ]


def page_or_more(
    request: HttpRequest, whole: str, part: str, context: dict[str, object], before: str
) -> HttpResponse:
    more = request.htmx and not request.htmx.history_restore_request and before
    response = render(request, part if more else whole, context)
    patch_vary_headers(response, ["HX-Request"])
    return response
