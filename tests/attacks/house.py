"""The house that is attacked, and everybody who stands before its doors."""

import contextlib
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookies import SimpleCookie

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Model
from django.test import Client

from tests.budgets.given import a_budget, a_wish
from tests.builders import VENDOR, a_job, a_key, a_project, an_output
from tests.pages.pictures import a_film_upload, an_upload
from tests.people import join, person, signed_in
from tests.recipes.given import a_recipe
from videos import vault
from videos.accounts import invites
from videos.media.store import Store
from videos.models import (
    Budget,
    BudgetRequest,
    Draft,
    Invite,
    Job,
    JobPicture,
    Membership,
    Project,
    Recipe,
    Team,
    Upload,
    User,
    VendorKey,
)
from videos.models.clock import now
from videos.states import State

ROLES = ("viewer", "reviewer", "maker", "admin", "owner")
OUTSIDE = ("anonymous", "stranger", "removed")
EVERYBODY = (*OUTSIDE, *ROLES)
# A user's last_login moves with every sign-in.
MODELS = [model for model in apps.get_app_config("videos").get_models() if model is not User]


@dataclass
class Wing:
    """What one team has. ``link``: the address token of ``picture``; ``callback``: of ``lost``."""

    team: Team
    owner: User
    key: VendorKey
    clip: Job
    lost: Job
    running: Job
    thrown: Job
    upload: Upload
    film: Upload
    binned: Upload
    project: Project
    invite: Invite
    token: str
    link: str
    callback: str
    budget: Budget
    wish: BudgetRequest
    recipe: Recipe
    thrown_recipe: Recipe
    draft: Draft
    archived: Project


@dataclass
class House:
    """``ours`` is the team that is attacked, ``theirs`` another one whose owner is the stranger."""

    ours: Wing
    theirs: Wing
    people: dict[str, User] = field(default_factory=dict)
    signed_in: dict[str, SimpleCookie] = field(default_factory=dict)

    def client(self, who: str, **options) -> Client:
        """A browser of ``who``, with a visit of its own unless everybody is signed in."""
        client = Client(**options)
        if who != "anonymous":
            known = self.signed_in.get(who) or signed_in(self.people[who]).cookies
            client.cookies = SimpleCookie({name: one.value for name, one in known.items()})
        return client

    def each(self, names: Iterable[str], check: Callable[[str], object]) -> None:
        """``check`` of every name, each as if no other had been: one house for all of them. What
        is wrong is told of all at once."""
        self.signed_in = {who: signed_in(user).cookies for who, user in self.people.items()}
        wrong = {}
        for name in names:
            cache.clear()
            try:
                with undone():
                    check(name)
            except AssertionError as error:
                wrong[name] = str(error)
        assert not wrong, wrong


def built() -> House:
    owner, stranger = person("Owner"), person("Stranger")
    house = House(wing("Northlight", owner), wing("Elsewhere", stranger))
    house.people |= {"owner": owner, "stranger": stranger}
    for role in ROLES[:-1]:
        house.people[role] = person(role.title())
        join(house.ours.team, house.people[role], role)
    house.people["removed"] = person("Removed")
    join(house.ours.team, house.people["removed"], "owner").delete()
    return house


def wing(name: str, owner: User) -> Wing:
    team = Team.objects.create(name=name, slug=name.lower())
    member = join(team, owner, "owner")
    key = a_key(team, secret=f"rehearsal-{name.lower()}")
    clip = a_job(
        team, owner, f"A lighthouse of {name}", key=key, came_late_at=now(), batch=uuid.uuid4(),
        take_group=uuid.uuid4(), options={"resolution": "480p"},
    )  # fmt: skip
    store = Store(settings.MEDIA)
    an_output(clip, file=store.put(b"film of " + name.encode(), ".mp4"), poster=store.put(b"still", ".webp"))
    callback, callback_hash = vault.mint()
    lost = a_job(
        team, owner, f"A boat of {name}", key=key, state=State.UNKNOWN, callback_hash=callback_hash,
        sent_at=now(), deadline_at=now() + timedelta(hours=1),
    )  # fmt: skip
    running = a_job(
        team, owner, f"A storm of {name}", key=key, state=State.RUNNING, vendor_task_id=f"task-{name}"
    )
    thrown = a_job(team, owner, f"A fog of {name}", key=key, trashed_at=now())
    upload = an_upload(team, owner)
    film = a_film_upload(team, owner)
    binned = an_upload(team, owner, 3)
    Upload.objects.filter(pk=binned.pk).update(trashed_at=now())
    an_output(clip, 1, kind="still", file=upload.file, media_type=upload.media_type)
    link, link_hash = vault.mint()
    JobPicture.objects.create(job=lost, upload=upload, role="start", link_hash=link_hash)
    token = invites.offer(Membership.objects.select_related("team", "user").get(pk=member.pk), "maker")
    project = a_project(team, f"Harbour of {name}")
    budget, wish = (
        a_budget(team, amount="1000"),
        a_wish(a_budget(team, amount="1000", project=project), owner),
    )
    return Wing(
        team, owner, key, clip, lost, running, thrown, upload, film, binned, project, Invite.objects.get(team=team), token, link, callback,
        budget, wish, a_recipe(team, owner), a_recipe(team, owner, trashed=True),
        Draft.objects.create(team=team, user=owner, token="a form", content={"prompt": f"A tide of {name}"}),
        a_project(team, f"Old quay of {name}", archived_at=now()),
    )  # fmt: skip


def everything() -> dict[str, list]:
    """Every row of ours that says what is, as values: what an attack must not change. Asked for
    thousands of times, and so past the ORM."""
    with connection.cursor() as cursor:
        return {model.__name__: rows_of(model, cursor) for model in MODELS}


def rows_of(model: type[Model], cursor: CursorWrapper) -> list[tuple]:
    cursor.execute(f'SELECT * FROM "{model._meta.db_table}" ORDER BY "{model._meta.pk.column}"')
    return cursor.fetchall()


@contextlib.contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside did not happen."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


PRESSED = {
    "model": "seedanceapi-org/seedance-2.0",
    "was": "seedanceapi-org/seedance-2.0",
    "prompt": "A harbour",
}
assert PRESSED["model"].startswith(VENDOR)
