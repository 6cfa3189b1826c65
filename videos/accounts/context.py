"""The context processor for the frame around every page. Each value is a function that templates call when
they name it: a page without the frame makes no query, the others make two."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from videos import access, labels, quota
from videos.accounts import proved_addresses, shortcuts
from videos.models import Team, Theme, VendorKey, empty_keys
from videos.models.heartbeats import signs

THEME_COOKIE = "studio-theme"

BUDGETS = (
    "budgets",
    "budget_change",
    "budget_ask",
    "budget_answer",
    "budget_rate",
    "budget_estimate",
    "budget_threshold",
)
RECIPES = (
    "recipe",
    "recipe_version",
    "recipe_new",
    "recipe_edit",
    "recipe_use",
    "recipe_shipped",
    "recipes_import",
)
# URL name, label, icon (an id in static/img/icons.svg), and other URL names of the same place.
# What people make things with; a phone has room for four of these.
DESK = (
    ("gallery", _("Gallery"), "gallery", ("clip", "trash")),
    ("prompts", _("Prompts"), "prompts", ()),
    ("recipes", _("Templates"), "templates", RECIPES),
    ("pictures", _("Pictures"), "picture", ("picture_page", "picture_clips")),
)
# What is looked at now and then; on a phone behind "More".
OFFICE = (
    ("usage", _("Usage"), "usage", BUDGETS),
    (
        "members",
        _("Team"),
        "people",
        (
            "member",
            "invites",
            "invite_revoke",
            "team_rename",
            "project_new",
            "project_rename",
            "project_archive",
            "project_restore",
        ),
    ),
    (
        "keys",
        _("Keys"),
        "key",
        ("key_rename", "key_replace", "key_delete", "key_state", "key_test", "keys_reach", "bring_in"),
    ),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu. ``icon`` is an id in static/img/icons.svg. ``office``: on a phone it is behind
    "More"."""

    name: str
    label: str
    icon: str
    url: str
    current: bool
    office: bool


def studio(request: HttpRequest) -> dict[str, object]:
    """``teams``; ``current_team`` (the address's, else the newest); ``nav``; ``theme``
    (system, light, dark); ``languages`` and ``themes`` to choose from; ``shortcuts`` of a signed-in person, by group,
    and whether their keys are those ``on_a_mac``; ``rehearsal`` (``demo``: a sandbox runs beside
    us; ``only``: this team never spends); ``signs`` (since when nobody works, whether the disk is full, and
    since when the mail server takes nothing); ``letters_leave`` (there is a mail server); ``storage`` (None unless the team has used 80 % of what it may store);
    ``to_decide`` (somebody asks for more budget, and waits for this person's answer);
    ``empty_keys`` (one key, with its vendor's name, of each account with too few
    credits that this person may spend from)."""

    @cache
    def teams() -> list[Team]:
        user = getattr(request, "user", None)
        return list(access.teams_of(user)) if user is not None and user.is_authenticated else []

    @cache
    def current_team() -> Team | None:
        slug = _named_team(request)
        if slug:
            return next((team for team in teams() if team.slug == slug), None)
        return max(teams(), key=lambda team: team.pk, default=None)

    def rehearsal() -> dict[str, bool]:
        team = current_team()
        return {"demo": settings.DEMO, "only": team is not None and team.rehearsal_only}

    def storage() -> quota.Storage | None:
        team = current_team()
        return None if team is None else quota.warning(team)

    def to_decide() -> bool:
        team = current_team()
        return team is not None and team.to_decide

    def short() -> list[tuple[VendorKey, str]]:
        team = current_team()
        if team is None or not team.empty or team.role not in access.MAY["spend"]:
            return []
        accounts = {(key.vendor, key.account): key for key in empty_keys(request.user, team).reverse()}
        return [(key, labels.vendor_name(key.vendor)) for key in accounts.values()]

    return {
        "teams": teams,
        "current_team": current_team,
        "nav": cache(lambda: menu(request, current_team())),
        "theme": theme_of(request),
        "languages": languages,
        "shortcuts": cache(lambda: shortcuts.of(request.user.shortcuts)),
        "on_a_mac": "Mac OS" in request.headers.get("User-Agent", ""),
        "themes": cache(lambda: themes(request)),
        "rehearsal": rehearsal,
        "signs": cache(signs),
        "letters_leave": proved_addresses.can_prove(),
        "storage": cache(storage),
        "to_decide": to_decide,
        "empty_keys": cache(short),
    }


def _named_team(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.kwargs.get("team", "") if match else ""


def menu(request: HttpRequest, team: Team | None) -> list[Entry]:
    """The menu of a team's pages; empty for somebody without a team."""
    if team is None:
        return []
    here = request.resolver_match.view_name if request.resolver_match else ""
    entries = []
    for name, label, icon, others in (*DESK, *OFFICE):
        try:
            url = reverse(name, args=[team.slug])
        except NoReverseMatch:
            continue
        office = name in {entry[0] for entry in OFFICE}
        entries.append(Entry(name, str(label), icon, url, here in (name, *others), office))
    return entries


def theme_of(request: HttpRequest) -> str:
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return user.theme
    asked = request.COOKIES.get(THEME_COOKIE, "")
    return asked if asked in Theme.values else Theme.SYSTEM


def themes(request: HttpRequest) -> list[dict[str, object]]:
    here = theme_of(request)
    return [{"code": one.value, "name": one.label, "current": one == here} for one in Theme]


def languages() -> list[dict[str, object]]:
    """Every language under its own name, so that one can find one's own while the page is in a foreign one."""
    here = translation.get_language()
    return [
        {"code": code, "name": translation.get_language_info(code)["name_local"], "current": code == here}
        for code, _name in settings.LANGUAGES
    ]
