"""Checks what a person asks for: the one function that form, server and command line share.

Nothing is written here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import compress
from uuid import UUID

from django.conf import settings

from videos import access, quota
from videos.jobs.account import routes
from videos.media.present import is_present
from videos.models import Job, Membership, Project, RecipeVersion, Upload, VendorKey
from videos.spending import ceiling
from videos.vendors import options, registry
from videos.vendors.contract import Model, Picture, Price, Problem, Value, Wish


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """What one generation is asked for with. ``model`` is "vendor/model"; ``options`` holds only what was
    asked for; ``pictures`` are (role, upload) in order. ``client_token``: one rendering of the form,
    one job. ``confirmed``: the yes to a sum that asks first (videos/jobs/ordering/confirming.py)."""

    model: str
    prompt: str
    options: dict[str, Value] = field(default_factory=dict)
    pictures: tuple[tuple[str, Upload], ...] = ()
    key: VendorKey | None = None
    project: Project | None = None
    parent: Job | None = None
    relation: str = ""
    client_token: str = ""
    take_group: UUID | None = None
    confirmed: str = ""
    recipe: RecipeVersion | None = None  # the template that the words began as
    batch: UUID | None = None  # rows that one press made together


@dataclass(frozen=True, slots=True)
class Checked:
    """A request made whole: flags taken out of the prompt, defaults filled in, the key chosen."""

    order: GenerationRequest
    model: Model | None
    key: VendorKey | None
    wish: Wish
    price: Price | None
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()


class Refusal(Exception):
    """Raised where nothing was made. ``problems`` are all the reasons at once; ``reasons`` are the same as
    (index of the request they are about, problem), None where they are about all of them."""

    def __init__(self, problems: Iterable[Problem] = (), reasons: Iterable[tuple[int | None, Problem]] = ()):
        self.reasons = [*reasons] or [(None, problem) for problem in problems]
        self.problems = list({repr(problem): problem for _row, problem in self.reasons}.values())
        super().__init__(", ".join(f"{problem.field}: {problem.code}" for problem in self.problems))


@dataclass(frozen=True, slots=True)
class CheckedTogether:
    """Requests that are made all or not at all, each checked. ``problems`` and ``warnings`` are about all
    of them together: their sum, the team's storage."""

    orders: tuple[Checked, ...]
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()

    @property
    def reasons(self) -> list[tuple[int | None, Problem]]:
        """Every problem, with the index of its request; None for those about all."""
        own = [(row, problem) for row, item in enumerate(self.orders) for problem in item.problems]
        return [*own, *((None, problem) for problem in self.problems)]


def check(member: Membership, order: GenerationRequest) -> Checked:
    """Find every reason why ``order`` cannot be sent, each bound to its field, and its price."""
    found = check_all(member, [order])
    [item] = found.orders
    return replace(item, problems=(*item.problems, *found.problems), warnings=found.warnings)


def check_all(member: Membership, orders: Sequence[GenerationRequest]) -> CheckedTogether:
    """Check several at once: what they cost together has to fit into the budgets. As many queries for a
    hundred as for one."""
    usable = list(access.usable_keys(member)) if any(order.key is None for order in orders) else []
    checked = tuple(_check(member, order, usable) for order in orders)
    problems = storage_problems(member)
    budget = ceiling.verdict_together(member, planned_spending(member, checked))
    return CheckedTogether(checked, (*problems, *budget.problems), budget.warnings)


def planned_spending(member: Membership, checked: Sequence[Checked]) -> list[ceiling.Spending]:
    """What these count against budgets. Requests with a refused key are left out: they spend nothing, and
    what is left of the key's budgets is not disclosed, because it may be a colleague's own."""
    return [
        ceiling.spending_of(member, item.model, item.key, item.order.project, item.price)
        for item in checked
        if item.model is not None and not key_problems(member, item.model.vendor, item.key)
    ]


def _check(member: Membership, order: GenerationRequest, usable: list[VendorKey]) -> Checked:
    model = registry.MODELS.get(order.model)
    if model is None:
        return Checked(order, None, None, Wish(order.prompt), None, (Problem("model", "unknown_model"),))
    prompt, lifted, problems = options.lift_flags(model, order.prompt)
    asked = {**order.options, **lifted}
    pictures = tuple(
        Picture(role, media=item.media, seconds=item.seconds or 0.0) for role, item in order.pictures
    )
    wish = Wish(prompt, options.complete(model, asked), pictures)
    key, unclear = _key(member, model, order, usable)
    problems = [*problems, *options.check(model, replace(wish, options=asked)), *unclear]
    problems += project_problems(order.project)
    problems += _file_problems(order)
    if key is not None and order.pictures:
        problems += _picture_problems(model, key, order)
    return Checked(order, model, key, wish, options.price(model, wish.options), tuple(problems))


def _key(
    member: Membership, model: Model, order: GenerationRequest, usable: list[VendorKey]
) -> tuple[VendorKey | None, list[Problem]]:
    """The key that is named; else the first usable one, but only where all are real or all are for
    rehearsal: leaving the key open must not decide whether money is spent."""
    if order.key is not None:
        return order.key, key_problems(member, model.vendor, order.key)
    found = [key for key in usable if key.vendor == model.vendor]
    if len({key.rehearsal for key in found}) > 1:
        return None, [Problem("key", "choose_key", {"vendor": registry.vendor(model.vendor).name})]
    key = found[0] if found else None
    return key, key_problems(member, model.vendor, key)


def key_problems(member: Membership, vendor: str, key: VendorKey | None) -> list[Problem]:
    """Why ``member`` cannot use ``key`` for this vendor; empty where they can."""
    # A colleague's personal key may have made the job that is repeated; it spends for nobody else.
    if key is None or not access.may_use(member, key):
        return [Problem("key", "no_key", {"vendor": registry.vendor(vendor).name})]
    if key.vendor != vendor:
        return [Problem("key", "other_vendor", {"vendor": registry.vendor(vendor).name})]
    if key.trashed_at or key.state != "active":
        return [Problem("key", f"key_{'gone' if key.trashed_at else key.state}", {"key": str(key)})]
    return []


def project_problems(project: Project | None) -> list[Problem]:
    """The problem where the project is archived: nothing new is made in it."""
    if project is None or project.archived_at is None:
        return []
    return [Problem("project", "project_archived", {"project": project.name})]


def payment_problems(
    member: Membership, asked: Sequence[tuple[Model, VendorKey, Price | None]], project: Project | None
) -> list[list[Problem]]:
    """Why each of ``asked``, were it pressed alone, could not be paid for or stored just now; in the same
    order. Discloses no budget of a key that is refused. As many queries for all as for one."""
    room = storage_problems(member) if asked else []
    usable = [not key_problems(member, model.vendor, key) for model, key, _price in asked]
    alone = [
        ceiling.spending_of(member, model, key, project, price)
        for model, key, price in compress(asked, usable)
    ]
    verdicts = iter(ceiling.verdicts_alone(member, alone))
    return [[*room, *(next(verdicts).problems if may else ())] for may in usable]


def storage_problems(member: Membership) -> list[Problem]:
    """The problem where the team's storage is full: what could not be stored is not bought."""
    if storage := quota.full(member.team):
        return [Problem("team", "team_full", {"used_bytes": storage.used, "limit_bytes": storage.limit})]
    return []


def _file_problems(order: GenerationRequest) -> list[Problem]:
    """The pictures whose file is missing: a request whose picture the vendor would not get is not sent."""
    missing = dict.fromkeys(upload.name for _role, upload in order.pictures if not is_present(upload))
    return [Problem("pictures", "picture_missing", {"picture": name}) for name in missing]


def _picture_problems(model: Model, key: VendorKey, order: GenerationRequest) -> list[Problem]:
    """Why the vendor could not get the pictures, neither from our address nor inside the request."""
    if routes.reachable_by(model.vendor, rehearsal=key.rehearsal):
        return []
    if unreachable := picture_reach_problems(model, key):
        return unreachable
    if any(upload.media == "video" for _role, upload in order.pictures):
        return [Problem("pictures", "film_inside", {"setting": "STUDIO_PUBLIC_URL"})]
    if sum(upload.bytes for _role, upload in order.pictures) > model.data_pictures:
        return [Problem("pictures", "too_big_inside", {"limit": model.data_pictures // 1_000_000})]
    return []


def picture_reach_problems(model: Model, key: VendorKey) -> list[Problem]:
    """The problem where no picture at all can be given to this vendor by this studio."""
    if model.data_pictures or routes.reachable_by(model.vendor, rehearsal=key.rehearsal):
        return []
    return [Problem("pictures", "no_public_url", {"setting": "STUDIO_PUBLIC_URL"})]


def pictures_travel_inside(checked: Checked) -> bool:
    """Do the pictures travel inside the request?"""
    return not routes.reachable_by(checked.model.vendor, rehearsal=checked.key.rehearsal)


def public_address(path: str) -> str:
    """``path`` behind the address that vendors reach this studio by."""
    return settings.PUBLIC_URL + path
