"""``FormState`` is what the composer's form holds: read from a request, a draft or an older job, changed by
the form's buttons, and turned into orders.

Nothing here writes a row, and nothing is refused: a state may be wrong, and its problems are shown when the
form is drawn and checked again when it is pressed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.http import QueryDict

from videos import access
from videos.create import image_roles, seeds
from videos.create.form_lookups import (
    Pictures,
    key_of,
    parent_of,
    project_of,
    recipe_of,
    relation_of,
    team_uploads,
)
from videos.create.mention_numbers import mentions_of_unplaced, renumber_mentions
from videos.create.typed_options import read_options, storable
from videos.jobs.verbs import GenerationRequest
from videos.models import Job, Membership, Project, RecipeVersion, Upload, VendorKey
from videos.vendors import options, registry
from videos.vendors.contract import Model, Problem, Value
from videos.vendors.options import Change

FIRST_MODEL = next(iter(registry.MODELS))
UNPLACED_MENTION = "mention_waits"


@dataclass(frozen=True, slots=True)
class FormState:
    """What the form holds. ``typed`` has the texts that are no legal value of their option, as they were
    typed; ``changes`` and ``moved`` say what could not be taken along from another model; ``waiting`` are
    pictures that this model has no slot for, and they are no part of the order. ``draft``: the token of the
    draft that the form was drawn from, or empty."""

    model: Model
    prompt: str = ""
    options: Mapping[str, Value] = field(default_factory=dict)
    pictures: Pictures = ()
    waiting: Pictures = ()
    shot: str = ""
    key: VendorKey | None = None
    project: Project | None = None
    parent: Job | None = None
    relation: str = ""
    recipe: RecipeVersion | None = None
    draft: str = ""
    takes: int = 1
    typed: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    changes: tuple[Change, ...] = ()
    moved: tuple[image_roles.MovedPicture, ...] = ()

    def order(self, client_token: str = "", confirmed: str = "") -> GenerationRequest:
        return GenerationRequest(
            model=self.model.key,
            prompt=self.prompt,
            options=dict(self.options),
            pictures=self.pictures,
            key=self.key,
            project=self.project,
            parent=self.parent,
            relation=self.relation,
            recipe=self.recipe,
            client_token=client_token,
            confirmed=confirmed,
        )

    def orders(self) -> list[GenerationRequest]:
        """One order for each take."""
        return seeds.split_into_takes(self.order(), self.takes)

    def content(self) -> dict[str, object]:
        """The form as JSON for a draft, with ids in place of rows."""
        return {
            "model": self.model.key,
            "prompt": self.prompt,
            "options": dict(self.options) | dict(self.typed),
            "pictures": [[role, upload.pk] for role, upload in self.pictures],
            "waiting": [[role, upload.pk] for role, upload in self.waiting],
            "shot": self.shot,
            "key": self.key.pk if self.key else None,
            "project": self.project.pk if self.project else None,
            "parent": self.parent.public_id.hex if self.parent else "",
            "relation": self.relation,
            "recipe": self.recipe.pk if self.recipe else None,
            "takes": self.takes,
        }


def from_request(member: Membership, data: QueryDict) -> FormState:
    """Reads the form as it was sent. It was drawn for the model ``was``; where another model is chosen by
    now, every value that is legal there too is kept."""
    was = registry.MODELS.get(data.get("was", "")) or known_model(data.get("model"))
    values, typed, problems = read_options(was, data)
    named = [(role, number) for role in image_roles.ROLES for number in data.getlist(f"picture.{role}")]
    pictures = team_uploads(member, [(role, [number]) for role, number in named])
    unplaced = [text.partition(":")[::2] for text in data.getlist("waiting")]
    waiting = unplaced_pictures(member, unplaced)
    prompt = storable(data.get("prompt", "").replace("\r\n", "\n"))
    takes, wrong = seeds.read_take_count(data.get("takes"))
    sheet = FormState(
        model=was,
        prompt=renumber_mentions(
            prompt, [number for _role, number in (*named, *unplaced)], (*pictures, *waiting)
        ),
        options=values,
        pictures=pictures,
        waiting=waiting,
        shot=storable(data.get("shot", ""))[:40],
        key=key_of(member, data.get("key")),
        project=project_of(member, data.get("project"), archived=True),
        parent=parent_of(member, data.get("parent")),
        relation=relation_of(data.get("relation")) if data.get("parent") else "",
        recipe=recipe_of(member, data.get("recipe")),
        draft=storable(data.get("draft", ""))[:64],
        takes=takes,
        typed=typed,
        problems=(*problems, *wrong),
    )
    return normalized(with_model(sheet, known_model(data.get("model", was.key))))


def from_content(member: Membership, content: Mapping) -> FormState:
    """Reads a draft. Rows that it names and that no longer exist (a picture, a key) are left out."""
    model = known_model(content.get("model"))
    asked = content.get("options") or {}
    values, changes = options.carry_over(model, {name: value for name, value in asked.items() if value != ""})
    named = [(role, number) for role, number in content.get("pictures") or []]
    pictures = team_uploads(member, [(role, [number]) for role, number in named])
    unplaced = content.get("waiting") or []
    waiting = unplaced_pictures(member, unplaced)
    prompt = content.get("prompt") or ""
    prompt = renumber_mentions(
        prompt, [number for _role, number in (*named, *unplaced)], (*pictures, *waiting)
    )
    sheet = FormState(
        model=model,
        prompt=prompt,
        options=values,
        pictures=pictures,
        waiting=waiting,
        shot=content.get("shot") or "",
        key=key_of(member, content.get("key")),
        project=project_of(member, content.get("project")),
        parent=parent_of(member, content.get("parent")),
        relation=content.get("relation") or "",
        recipe=recipe_of(member, content.get("recipe")),
        takes=seeds.read_take_count(content.get("takes"))[0],
        changes=tuple(changes),
    )
    return normalized(sheet)


def from_job(member: Membership, job: Job, relation: str = "remix") -> FormState:
    """Fills the form with every word, option and picture of ``job``, to be changed and pressed again."""
    model = known_model(job.model)
    values, changes = options.carry_over(model, job.options)
    # In the order of the press: the mentions in the prompt are numbered by it.
    given = job.pictures.select_related("upload").order_by("pk")
    pictures = tuple((picture.role, picture.upload) for picture in given)
    key = access.usable_keys(member).filter(pk=job.key_id).first()
    return normalized(
        FormState(
            model=model,
            prompt=job.prompt.text,
            options=values,
            pictures=pictures,
            key=key,
            project=project_of(member, job.project_id),
            parent=job,
            relation=relation,
            changes=tuple(changes),
        )
    )


def for_next_shot(member: Membership, job: Job, picture: str) -> FormState:
    """Fills the form for the shot after ``job``: its words and options, and one picture to start from."""
    sheet = from_job(member, job, "continue")
    pictures = team_uploads(member, [("start", [picture])])
    prompt = renumber_mentions(sheet.prompt, numbered_ids(sheet), pictures)
    return normalized(replace(sheet, prompt=prompt, pictures=pictures, waiting=(), shot="", moved=()))


def unplaced_pictures(member: Membership, named: Iterable[Sequence]) -> Pictures:
    """Looks up the pictures that a form or a draft lists as waiting for a slot, given as (role, id)."""
    return team_uploads(member, [(role, [number]) for role, number in [*named][: image_roles.UNPLACED_MOST]])


# --- reading ----------------------------------------------------------------


def known_model(key: str | None) -> Model:
    """The model of this key, or the first model of the registry where there is none."""
    return registry.MODELS.get(key or "") or registry.MODELS[FIRST_MODEL]


def first_model(vendor: str) -> str:
    return registry.vendor(vendor).models[0].key


# --- changing ---------------------------------------------------------------


def with_model(sheet: FormState, model: Model) -> FormState:
    """Moves the form to another model, and names every option that had to change for it."""
    if model.key == sheet.model.key:
        return sheet
    values, changes = options.carry_over(model, sheet.options)
    return replace(sheet, model=model, options=values, typed={}, problems=(), changes=tuple(changes))


def with_template(
    member: Membership,
    sheet: FormState,
    text: str,
    models: Sequence[str],
    asked: Mapping[str, Value],
    recipe: RecipeVersion | None,
) -> FormState:
    """Puts the words of a template into the form, on a model that the template suits: the one that is
    chosen, else the first for which this person has a key. An empty ``models`` means that it suits all."""
    fitting = [registry.MODELS[key] for key in models if key in registry.MODELS]
    if fitting and sheet.model not in fitting:
        paid = set(access.usable_keys(member).values_list("vendor", flat=True))
        sheet = with_model(sheet, next((model for model in fitting if model.vendor in paid), fitting[0]))
    values, changes = options.carry_over(sheet.model, {**sheet.options, **asked})
    return normalized(
        replace(
            sheet,
            prompt=text,
            options=values,
            recipe=recipe,
            parent=None,
            relation="",
            changes=(*sheet.changes, *changes),
        )
    )


def normalized(sheet: FormState) -> FormState:
    """Puts every picture into a slot that the model has, renumbers the mentions accordingly, and drops a
    key of another vendor."""
    shot = image_roles.shot_of(sheet.model, sheet.shot, sheet.pictures or sheet.waiting)
    found = image_roles.arrange(shot, sheet.pictures, sheet.waiting)
    prompt = renumber_mentions(sheet.prompt, numbered_ids(sheet), (*found.pictures, *found.waiting))
    key = sheet.key if sheet.key and sheet.key.vendor == sheet.model.vendor else None
    name = shot.name if shot else ""
    problems = tuple(problem for problem in sheet.problems if problem.code != UNPLACED_MENTION)
    if shot is None:
        problems += tuple(
            Problem("prompt", UNPLACED_MENTION, {"mention": one})
            for one in mentions_of_unplaced(prompt, found.waiting)
        )
    return replace(
        sheet,
        prompt=prompt,
        pictures=found.pictures,
        moved=found.moved,
        waiting=found.waiting,
        shot=name,
        key=key,
        problems=problems,
    )


def numbered_ids(sheet: FormState) -> list[int]:
    """The upload ids that the numbers of the mentions count: first the pictures in slots, then those that
    wait for one. While a picture waits its mention points nowhere; when the picture gets a slot again, the
    mention is right again."""
    return [upload.pk for _role, upload in (*sheet.pictures, *sheet.waiting)]


def with_pictures(sheet: FormState, added: Iterable[tuple[str, Upload]]) -> FormState:
    """Adds pictures to the form, each in a slot."""
    pictures = (*sheet.pictures, *added)
    prompt = renumber_mentions(sheet.prompt, numbered_ids(sheet), (*pictures, *sheet.waiting))
    return normalized(replace(sheet, prompt=prompt, pictures=pictures))


def apply_picture_button(sheet: FormState, what: str) -> FormState:
    """Applies a button of a picture: ``remove:start:0``, ``left:reference:2``, ``right:…``, ``swap``, or
    ``forget``, which drops the pictures that wait for a slot. Mentions in the prompt follow their pictures.
    """
    waits = () if what == "forget" else sheet.waiting
    pictures = sheet.pictures if what == "forget" else image_roles.apply_button(sheet.pictures, what)
    prompt = renumber_mentions(sheet.prompt, numbered_ids(sheet), (*pictures, *waits))
    return normalized(replace(sheet, pictures=pictures, waiting=waits, prompt=prompt))
