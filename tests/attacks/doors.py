"""Every address of the studio and who may pass: the matrix that the walk is held to.

An address that is not in it fails the walk, so that a new page says who it is for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.urls import URLPattern, get_resolver, reverse

from tests.attacks.house import EVERYBODY, OUTSIDE, PRESSED, ROLES, House, Wing
from tests.builders import MODEL, VENDOR
from tests.pages.pictures import a_file, a_table


def nothing(wing: Wing) -> list:
    return []


@dataclass(frozen=True)
class Door:
    """``expects``: what each kind of person is answered. ``ids``: what stands in the address
    behind the team. ``form`` makes what is sent (anew each time: a file is read once)."""

    method: str
    expects: dict[str, int]
    ids: Callable[[Wing], list] = nothing
    form: Callable[[House], dict] = lambda house: {}
    of_a_team: bool = True
    csrf: bool = True
    more: dict = field(default_factory=dict)

    def url(self, name: str, wing: Wing) -> str:
        return reverse(name, args=[*([wing.team.slug] if self.of_a_team else []), *self.ids(wing)])


def team(method: str, least: str, ok: int, but: dict[str, int] | None = None, **more) -> Door:
    """A page of a team: outsiders learn nothing, roles below ``least`` are told no."""
    allowed = ROLES[ROLES.index(least) :]
    expects = {who: 302 if who == "anonymous" else 404 for who in OUTSIDE}
    expects |= {role: ok if role in allowed else 403 for role in ROLES}
    return Door(method, expects | (but or {}), **more)


def person(method: str, anonymous: int, signed_in: int, but: dict[str, int] | None = None, **more) -> Door:
    """An address that knows people and no teams."""
    expects = {who: anonymous if who == "anonymous" else signed_in for who in EVERYBODY}
    return Door(method, expects | (but or {}), of_a_team=False, **more)


def clip(wing: Wing) -> list:
    return [wing.clip.public_id]


def watch(house: House) -> dict[str, str]:
    return {"watch": f"{house.ours.running.public_id.hex}.9p0"}


def lost(wing: Wing) -> list:
    return [wing.lost.public_id]


def running(wing: Wing) -> list:
    return [wing.running.public_id]


def thrown(wing: Wing) -> list:
    return [wing.thrown.public_id]


def stack(wing: Wing) -> list:
    return [wing.clip.take_group]


def film(wing: Wing) -> list:
    return [wing.clip.public_id, 0]


def key(wing: Wing) -> list:
    return [wing.key.pk]


def draft(wing: Wing) -> list:
    return [wing.draft.pk]


def budget(wing: Wing) -> list:
    return [wing.budget.pk]


def recipe(wing: Wing) -> list:
    return [wing.recipe.pk]


def shipped(wing: Wing) -> list:
    """What comes with the studio is everybody's."""
    return ["portrait"]


DOORS: dict[str, Door] = {
    # oneself
    "home": person("GET", 302, 302, but={"removed": 200}),  # where somebody without a team begins
    "profile": person("GET", 302, 200),
    "shortcuts": person("GET", 302, 200),
    "team_new": person("GET", 302, 200),
    "invite": person("GET", 200, 200, ids=lambda wing: [wing.token]),
    # the team
    "members": team("GET", "viewer", 200),
    "member": team(
        "POST", "admin", 302,
        ids=lambda wing: [wing.team.memberships.order_by("pk").last().user_id], form=lambda house: {"role": "viewer"},
    ),
    "invites": team("POST", "admin", 200, form=lambda house: {"role": "maker"}),
    "invite_revoke": team("POST", "admin", 302, ids=lambda wing: [wing.invite.pk]),
    "team_rename": team("POST", "admin", 302, form=lambda house: {"name": "Renamed"}),
    "look": person("POST", 302, 302, form=lambda house: {"language": "de", "theme": "dark"}),
    "project_rename": team(
        "POST", "maker", 302, ids=lambda wing: [wing.project.pk], form=lambda house: {"name": "Coast"}
    ),
    "project_archive": team("POST", "maker", 302, ids=lambda wing: [wing.project.pk]),
    "project_restore": team("POST", "maker", 302, ids=lambda wing: [wing.archived.pk]),
    "project_new": team("POST", "maker", 302, form=lambda house: {"name": "Coast"}),
    # keys
    "keys": team("GET", "viewer", 200),
    "keys_reach": team("POST", "admin", 302),
    "key_test": team("POST", "admin", 302, ids=key),
    "key_state": team("POST", "admin", 302, ids=key, form=lambda house: {"state": "paused"}),
    "key_rename": team("POST", "admin", 302, ids=key, form=lambda house: {"label": "Renamed"}),
    "key_replace": team("GET", "admin", 200, ids=key),
    "key_delete": team("POST", "admin", 302, ids=key),
    # budgets: whom they do not concern, they do not exist for
    "budgets": team("GET", "viewer", 200),
    "budget_change": team(
        "POST", "admin", 302, but={"viewer": 404, "reviewer": 404}, ids=budget, form=lambda house: {"amount": "7"}
    ),
    "budget_ask": team(
        "POST", "maker", 302, but={"viewer": 404, "reviewer": 404},
        ids=budget, form=lambda house: {"amount": "7", "why": "A launch"},
    ),
    "budget_answer": team(
        "POST", "admin", 302, but={"viewer": 404, "reviewer": 404, "maker": 404},
        ids=lambda wing: [wing.wish.pk], form=lambda house: {"decision": "decline"},
    ),
    "budget_rate": team(
        "POST", "admin", 302, form=lambda house: {"vendor": VENDOR, "currency": "EUR", "per_credit": "0.01"}
    ),
    "budget_estimate": team("POST", "admin", 302, form=lambda house: {"model": MODEL, "amount": "7"}),
    "budget_threshold": team(
        "POST", "admin", 302, form=lambda house: {"unit": "money:", "currency": "EUR", "amount": "7"}
    ),
    "batch": team("GET", "maker", 200),
    "batch_sample": team("GET", "viewer", 200),
    "batch_made": team("GET", "viewer", 200, ids=lambda wing: [wing.clip.batch]),
    # templates
    "recipes": team("GET", "viewer", 200),
    "recipe": team("GET", "viewer", 200, ids=recipe),
    "recipe_version": team("GET", "viewer", 200, ids=lambda wing: [wing.recipe.pk, 1]),
    "recipe_new": team("GET", "maker", 200),
    "recipe_edit": team("GET", "maker", 200, ids=recipe),
    "recipe_use": team("GET", "maker", 200, ids=recipe),
    "recipe_shipped": team("GET", "viewer", 200, ids=shipped),
    "recipe_copy": team("POST", "maker", 302, ids=shipped),
    "recipe_trash": team("POST", "maker", 302, ids=recipe),
    "recipe_restore": team("POST", "maker", 302, ids=lambda wing: [wing.thrown_recipe.pk]),
    "recipes_export": team("GET", "viewer", 200),
    "recipes_import": team("POST", "maker", 302, form=lambda house: {"file": a_table(b"title,text\nOne,words\n")}),
    # the wall and the form
    "gallery": team("GET", "viewer", 200),
    "older": team("POST", "viewer", 200, csrf=False),
    "changes": team("POST", "viewer", 200, csrf=False, form=watch),
    "stack_changes": team("POST", "viewer", 204, ids=stack, csrf=False),
    "late": team("POST", "viewer", 302),
    "prompts": team("GET", "viewer", 200),
    "usage": team("GET", "viewer", 200),
    "trash": team("GET", "viewer", 200),
    "trash_restore": team("POST", "maker", 302, ids=thrown),
    "create_form": team("GET", "viewer", 200, but={"anonymous": 200}, more={"headers": {"HX-Request": "true"}}),
    "models": team("GET", "viewer", 200),
    "model_choice": team("POST", "maker", 302, form=lambda house: {"choose": MODEL}),
    "generate": team("POST", "maker", 303, form=lambda house: PRESSED),
    "draft": team("POST", "maker", 302, form=lambda house: PRESSED),
    "drafts": team("GET", "maker", 200),
    "draft_choose": team(
        "POST", "maker", 302, but=dict.fromkeys(("maker", "admin"), 404), ids=draft, form=lambda house: {"do": "drop"}
    ),
    "reuse": team("GET", "maker", 302, but={"owner": 200}, ids=clip),  # the owner was typing something
    "recipe_beside": team("GET", "maker", 302, but={"owner": 200}, ids=lambda wing: [f"{wing.recipe.pk}.1"]),
    "uploads": team("POST", "maker", 200, form=lambda house: {"file": a_file(2)}),
    "upload_file": team("GET", "viewer", 200, ids=lambda wing: [wing.upload.pk]),
    # the pictures of the team
    "pictures": team("GET", "viewer", 200),
    "picture_clips": team("GET", "viewer", 200),
    "picture_page": team("GET", "viewer", 200, ids=lambda wing: [wing.upload.pk]),
    "picture_name": team("POST", "maker", 302, ids=lambda wing: [wing.upload.pk], form=lambda house: {"name": "Quay"}),
    "picture_trash": team("POST", "maker", 302, ids=lambda wing: [wing.upload.pk]),
    "picture_restore": team("POST", "maker", 302, ids=lambda wing: [wing.binned.pk]),
    "draft_picture": team("POST", "maker", 302, form=lambda house: {"upload": house.ours.upload.pk}),
    "clip_frame": team("POST", "maker", 302, ids=clip, form=lambda house: {"n": "1"}),
    "upload_poster": team("GET", "viewer", 200, ids=lambda wing: [wing.film.pk]),
    "race": team("GET", "maker", 200),
    # takes of one wish
    "stack": team("GET", "viewer", 200, ids=stack),
    "stack_keeper": team("POST", "maker", 302, ids=stack, form=lambda house: {"take": house.ours.clip.public_id.hex}),
    "stack_full": team(
        "POST", "maker", 302, ids=stack,
        form=lambda house: {"take": house.ours.clip.public_id.hex, "size": "resolution:720p"},
    ),
    # one clip
    "bring_in": team("GET", "maker", 200),
    "clip": team("GET", "viewer", 200, ids=clip),
    "clip_retry": team("POST", "maker", 302, ids=clip),
    "clip_stop": team("POST", "maker", 302, ids=running),
    "clip_decision": team("POST", "maker", 302, ids=lost, form=lambda house: {"choice": "try_again"}),
    "clip_adopt": team("POST", "maker", 302, ids=lost, form=lambda house: {"task_id": "task-1"}),
    "clip_look": team("POST", "maker", 302, ids=running),
    "clip_check": team("POST", "maker", 302, ids=clip),  # it can be shown: that is said
    "clip_link": team("GET", "maker", 302, ids=clip),  # nothing is left to fetch: that is said
    "clip_trash": team("POST", "maker", 302, ids=clip),
    "clip_restore": team("POST", "maker", 302, ids=clip),
    "clip_continue": team("POST", "maker", 302, ids=clip),  # its film is none: that is said
    "clip_file": team("GET", "viewer", 200, ids=film),
    "clip_poster": team("GET", "viewer", 200, ids=film),
    "clip_download": team("GET", "viewer", 200, ids=film),
    # the way in (some of it django-allauth's)
    "account_login": person("GET", 200, 302),
    "account_signup": person("GET", 200, 302),
    "account_logout": person("GET", 302, 200),
    "account_inactive": person("GET", 200, 200),
    "account_reauthenticate": person("GET", 302, 200),
    "account_email": person("GET", 302, 200),
    "account_email_forget": person("POST", 302, 302),
    "account_sessions_end": person("GET", 302, 200),
    "account_email_verification_sent": person("GET", 200, 200),
    "account_change_password": person("GET", 302, 200),
    "account_reset_password": person("GET", 200, 200),
    "account_confirm_email": person("GET", 200, 200, ids=lambda wing: ["made-up"]),
    "account_reset_password_from_key": person("GET", 200, 200, ids=lambda wing: ["1", "made-up"]),
    "account_reset_password_from_key_done": person("GET", 200, 200),
    "account_reset_password_done": person("GET", 200, 200),
    # doors without a session: what opens them is the address
    "callback": person(
        "POST", 200, 200, ids=lambda wing: [wing.lost.vendor, wing.callback], csrf=False,
        more={"data": {"task_id": "made-up"}, "content_type": "application/json"},
    ),
    "picture": person("GET", 200, 200, ids=lambda wing: [wing.link, "png"]),
    "reach": person("GET", 404, 404, ids=lambda wing: ["made-up"]),
    "live": person("GET", 200, 200),
    "ready": person("GET", 503, 503),  # nobody works in a test
}  # fmt: skip


def addresses() -> Iterator[str]:
    """The name of every address of the URLconf; one without a name goes by its pattern."""

    def walk(patterns, before: str) -> Iterator[str]:
        for one in patterns:
            here = f"{before}{one.pattern}"
            if isinstance(one, URLPattern):
                yield one.name or here
            else:
                yield from walk(one.url_patterns, here)

    return walk(get_resolver().url_patterns, "")


# Asked by POST because the question is long: they change nothing, and need no form's secret.
QUESTIONS = ("older", "changes", "stack_changes")
