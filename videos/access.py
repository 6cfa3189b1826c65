"""What may this person see, and what may they do: the one place that answers.

Every page fetches through a function here, starting from a Membership. A stranger
gets 404, never a hint that the thing exists. One table says who may do what."""

import uuid
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import Http404

from videos.models import (
    Budget,
    BudgetRequest,
    Draft,
    Event,
    Invite,
    Job,
    KeyState,
    Membership,
    Output,
    OwnEstimate,
    Project,
    Prompt,
    Rate,
    Recipe,
    RecipeVersion,
    Role,
    Team,
    Threshold,
    Upload,
    User,
    VendorKey,
    empty_keys,
)

# verb -> roles. "make" presses the button and spends; "manage" is keys, members and invites.
MAY: dict[str, frozenset[str]] = {
    "see": frozenset(Role.values),
    "comment": frozenset({Role.OWNER, Role.ADMIN, Role.MAKER, Role.REVIEWER}),
    "make": frozenset({Role.OWNER, Role.ADMIN, Role.MAKER}),
    "spend": frozenset({Role.OWNER, Role.ADMIN, Role.MAKER}),
    "trash": frozenset({Role.OWNER, Role.ADMIN, Role.MAKER}),
    "manage": frozenset({Role.OWNER, Role.ADMIN}),
    "own": frozenset({Role.OWNER}),
}


class Forbidden(Exception):
    """The person belongs to the team, and their role does not allow this (403)."""


def can(member: Membership, verb: str) -> bool:
    return member.role in MAY[verb]


def require(member: Membership, verb: str) -> None:
    if not can(member, verb):
        raise Forbidden(verb)


# --- the way in -------------------------------------------------------------


def member_of(user: User, slug: str) -> Membership:
    """The membership behind ``/t/<slug>/``, or 404."""
    return one(Membership.objects.select_related("team", "user"), user=user, team__slug=slug)


def teams_of(user: User) -> QuerySet[Team]:
    """Each with ``to_decide``: does a request for budget wait for this person's answer? And
    ``empty``: does an account of a key they may know of have too few credits? Every page says so."""
    asked = BudgetRequest.objects.filter(budget__team=OuterRef("pk"), budget__ended_at=None, state="open")
    rows = Team.objects.filter(memberships__user=user).annotate(role=F("memberships__role"))
    rows = rows.annotate(to_decide=Q(role__in=MAY["manage"]) & Exists(asked))
    return rows.annotate(empty=Exists(empty_keys(user, OuterRef("pk")))).order_by("name", "id")


def members_of(member: Membership) -> QuerySet[Membership]:
    return Membership.objects.filter(team=member.team).select_related("user").order_by("created_at", "id")


def colleague(member: Membership, user_id: int) -> Membership:
    return one(members_of(member), user_id=user_id)


def invites_of(member: Membership) -> QuerySet[Invite]:
    return Invite.objects.filter(team=member.team, used_at=None, revoked_at=None).order_by("-id")


# --- what a team has --------------------------------------------------------


def one(rows: QuerySet, **where):
    """The row, or 404. A malformed id is a stranger's id."""
    try:
        found = rows.filter(**where).first()
    except (ValueError, OverflowError, ValidationError):
        found = None
    if found is None:
        raise Http404
    return found


def whole(number: object) -> int | None:
    """An id as a form or a draft has it. Longer than any database counts is no id."""
    text = str(number or "")
    return int(text) if text.isdecimal() and len(text) < 19 else None


def clips_for(member: Membership) -> QuerySet[Job]:
    """Every generation of the team that is not in the trash."""
    return Job.objects.filter(team=member.team, trashed_at=None)


def late_for(member: Membership) -> QuerySet[Job]:
    """What this person pressed and no longer waited for, and has not been told of."""
    return clips_for(member).filter(user=member.user, came_late_at__isnull=False)


def one_of_each_stack(jobs: QuerySet[Job], which: Q) -> QuerySet[Job]:
    """Those of ``jobs`` that ``which`` says, and of every stack only the newest of them. A stack
    belongs to one team, so that its own index finds it."""
    newer = Job.objects.filter(
        which, take_group=OuterRef("take_group"), pk__gt=OuterRef("pk"), trashed_at=None
    )
    return jobs.filter(which).filter(~Exists(newer))


def takes_for(member: Membership, groups: Iterable[uuid.UUID]) -> QuerySet[Job]:
    """The takes of these stacks, oldest first."""
    return clips_for(member).filter(take_group__in=list(groups)).order_by("pk")


def trash_for(member: Membership) -> QuerySet[Job]:
    """What may still be taken out again."""
    return Job.objects.filter(team=member.team, trashed_at__isnull=False, purged_at=None)


def presses_for(member: Membership) -> QuerySet[Job]:
    """Every press of the button, the trash included: what was paid stays paid."""
    return Job.objects.filter(team=member.team)


def job_for(member: Membership, public_id: uuid.UUID | str) -> Job:
    rows = Job.objects.filter(team=member.team, purged_at=None)
    return one(rows.select_related("user", "prompt", "key__person", "team"), public_id=public_id)


def output_for(member: Membership, public_id: uuid.UUID | str, n: int) -> Output:
    rows = Output.objects.filter(job__team=member.team, job__purged_at=None)
    return one(rows.select_related("job__prompt"), job__public_id=public_id, n=n)


def events_for(member: Membership, job: Job) -> QuerySet[Event]:
    return Event.objects.filter(team=member.team, job=job).select_related("actor").order_by("id")


def prompts_for(member: Membership) -> QuerySet[Prompt]:
    return Prompt.objects.filter(team=member.team)


def projects_known(member: Membership) -> QuerySet[Project]:
    """The archived ones too: their clips and what they cost stay, and a form may still name them."""
    return Project.objects.filter(team=member.team).order_by("name", "id")


def projects_for(member: Membership) -> QuerySet[Project]:
    """Those that new work may be made in."""
    return projects_known(member).filter(archived_at=None)


def uploads_known(member: Membership) -> QuerySet[Upload]:
    """The trash included: what an old job used, or a form names, does not vanish from it."""
    return Upload.objects.filter(team=member.team)


def uploads_for(member: Membership) -> QuerySet[Upload]:
    return uploads_known(member).filter(trashed_at=None)


def drafts_for(member: Membership) -> QuerySet[Draft]:
    """What this person typed and did not press yet, newest first. One whose form was pressed
    is no draft any more, whatever was written after."""
    pressed = Job.objects.filter(team=member.team, client_token=OuterRef("token"))
    rows = Draft.objects.filter(~Exists(pressed), team=member.team, user=member.user)
    return rows.order_by("-saved_at", "-pk")


# --- templates --------------------------------------------------------------


def recipes_known(member: Membership) -> QuerySet[Recipe]:
    """The team's and their own private ones, the trash included."""
    return Recipe.objects.filter(Q(private=False) | Q(created_by=member.user), team=member.team)


def recipes_for(member: Membership) -> QuerySet[Recipe]:
    return recipes_known(member).filter(trashed_at=None)


def recipe_versions_for(member: Membership) -> QuerySet[RecipeVersion]:
    """What a form may name as the template it was filled from; one that was thrown away since
    is still where it came from."""
    return RecipeVersion.objects.filter(recipe__in=recipes_known(member))


# --- keys -------------------------------------------------------------------


def keys_known(member: Membership) -> QuerySet[VendorKey]:
    """The team's and their own, those taken away too: a page drawn before may still name them."""
    return VendorKey.objects.filter(Q(person=None) | Q(person=member.user), team=member.team)


def keys_for(member: Membership) -> QuerySet[VendorKey]:
    """The keys a person may know of: the team's, and their own."""
    return keys_known(member).filter(trashed_at=None)


def usable_keys(member: Membership) -> QuerySet[VendorKey]:
    """The keys a press of this person's button may spend with. Their own come first."""
    return keys_in_order(member).filter(state=KeyState.ACTIVE)


def keys_in_order(member: Membership) -> QuerySet[VendorKey]:
    """The same with those that are paused or refused, in the order in which they are offered."""
    return keys_for(member).order_by("rehearsal", F("person").desc(nulls_last=True), "id")


def key_for(member: Membership, key_id: int) -> VendorKey:
    """A key this person may change, or 404; 403 where they know of it and may not."""
    key = one(keys_for(member), pk=key_id)
    if not may_change(member, key):
        raise Forbidden("manage")
    return key


def may_use(member: Membership, key: VendorKey) -> bool:
    """A key that asks and spends for this person: the team's, or their own. A colleague's personal
    key does neither, whatever it made before."""
    return key.team_id == member.team_id and key.person_id in (None, member.user_id)


def may_change(member: Membership, key: VendorKey) -> bool:
    """Their own key, or the team's if they manage it."""
    return key.person_id == member.user_id or (key.person_id is None and can(member, "manage"))


# --- budgets ----------------------------------------------------------------


def budgets_for(member: Membership) -> QuerySet[Budget]:
    """Those that this person's presses count against; whoever manages sees the team's, all
    of them. A colleague's personal key stays theirs."""
    rows = Budget.objects.filter(Q(key=None) | Q(key__person=None) | Q(key__person=member.user))
    rows = rows.filter(team=member.team, ended_at=None)
    if can(member, "manage"):
        return rows
    return rows.filter(Q(person=None) | Q(person=member.user)) if can(member, "spend") else rows.none()


def own_estimate(member: Membership, model: str) -> OwnEstimate | None:
    """What this team holds for a press where the vendor publishes no price."""
    return own_estimates_for(member).filter(model=model).first()


def own_estimates_for(member: Membership) -> QuerySet[OwnEstimate]:
    return OwnEstimate.objects.filter(team=member.team)


def rates_for(member: Membership) -> QuerySet[Rate]:
    """What a credit of each vendor costs, as the team entered it."""
    return Rate.objects.filter(team=member.team).order_by("currency", "vendor")


def thresholds_for(member: Membership) -> QuerySet[Threshold]:
    """From which sums on a press asks first: for those who may press."""
    rows = Threshold.objects.filter(team=member.team).order_by("measure", "of")
    return rows if can(member, "spend") else rows.none()


def budget_requests_for(member: Membership) -> QuerySet[BudgetRequest]:
    """Who asked for more: everybody for those who decide, else their own."""
    rows = BudgetRequest.objects.filter(budget__in=budgets_for(member))
    return rows if can(member, "manage") else rows.filter(person=member.user)


# --- the poller -------------------------------------------------------------


def marks_for(user: User, slug: str, ids: list[uuid.UUID]) -> list[tuple[uuid.UUID, int, int | None, str]]:
    """(id, version, percent, state) of these jobs as far as ``user`` may see them: the
    membership is part of the one query, because every open page asks this all the time."""
    seen = Job.objects.filter(team__slug=slug, team__memberships__user=user, public_id__in=ids)
    return list(seen.values_list("public_id", "version", "percent", "state"))
