"""Creates, changes, deletes and imports templates, and stores what people type into their gaps. Callers
pass a row that the person is allowed to see."""

from collections.abc import Mapping, Sequence

from django.db.models import QuerySet

from videos import access, audit, authority
from videos.models import Membership, Recipe, RecipeAnswers, RecipeVersion, clock
from videos.recipes import wording
from videos.spelling import nfc
from videos.vendors.contract import Value

ANSWER_MOST = 2000
TEXT_MOST = 10_000
GAPS_MOST = 30


def folded(text: str) -> str:
    return nfc(text).casefold()


def create(
    member: Membership,
    *,
    title: str,
    text: str,
    description: str = "",
    private: bool = False,
    model: str = "",
    options: Mapping[str, Value] | None = None,
) -> Recipe:
    at = clock.now()
    with authority.acting(member, "make"):
        recipe = Recipe.objects.create(
            team=member.team,
            title=title,
            description=description,
            private=private,
            created_by=member.user,
            created_at=at,
            changed_at=at,
            sought=folded(f"{title}\n{description}\n{text}"),
        )
        _add_version(recipe, member, 1, text, model, dict(options or {}))
        audit.note(member.team, member.user, "recipe.created", recipe)
    return recipe


def save(
    member: Membership,
    recipe: Recipe,
    *,
    title: str,
    text: str,
    description: str = "",
    private: bool | None = None,
    model: str = "",
    options: Mapping[str, Value] | None = None,
) -> RecipeVersion:
    """Saves a template: a new version if words, model or options changed, else none. Returns the newest
    version. Title, description and who may see it are no part of a version; ``private`` None leaves that as
    it is. Raises Http404 where the template is a colleague's private one by now; one that was put in the
    trash meanwhile is saved too."""
    with authority.acting(member, "make") as member:
        locked = _locked(access.recipes_known(member), recipe)
        Recipe.objects.filter(pk=locked.pk).update(
            title=title,
            description=description,
            private=locked.private if private is None else private,
            sought=folded(f"{title}\n{description}\n{text}"),
            changed_at=clock.now(),
        )
        return _save_version(locked, member, text, model, dict(options or {}))


def _locked(rows: QuerySet[Recipe], recipe: Recipe) -> Recipe:
    """The row as it is now, locked, so that of two people who save the next version at once one waits."""
    return access.one(rows.select_for_update(), pk=recipe.pk)


def _save_version(recipe: Recipe, member: Membership, text: str, model: str, options: dict) -> RecipeVersion:
    newest = recipe.versions.first()
    if (newest.text, newest.model, newest.options) == (text, model, options):
        return newest
    made = _add_version(recipe, member, newest.number + 1, text, model, options)
    audit.note(member.team, member.user, "recipe.saved", recipe, number=made.number)
    return made


def _add_version(
    recipe: Recipe, member: Membership, number: int, text: str, model: str, options: dict
) -> RecipeVersion:
    return RecipeVersion.objects.create(
        recipe=recipe,
        number=number,
        text=text,
        model=model,
        options=options,
        created_by=member.user,
        created_at=clock.now(),
    )


def trash(member: Membership, recipe: Recipe) -> None:
    with authority.acting(member, "trash") as member:
        locked = _locked(access.recipes_for(member), recipe)
        Recipe.objects.filter(pk=locked.pk).update(trashed_at=clock.now())
        audit.note(member.team, member.user, "recipe.trashed", locked)


def restore(member: Membership, recipe: Recipe) -> None:
    """Takes a template out of the trash. Raises 404 where the trash was emptied meanwhile."""
    with authority.acting(member, "trash") as member:
        locked = _locked(access.recipes_known(member), recipe)
        Recipe.objects.filter(pk=locked.pk).update(trashed_at=None)
        audit.note(member.team, member.user, "recipe.restored", locked)


def import_recipe(
    member: Membership, title: str, description: str, private: bool, versions: Sequence[tuple]
) -> Recipe:
    """Creates a template from a file: (text, model, options) of each of its versions, oldest first."""
    with authority.acting(member, "make"):
        recipe = None
        for text, model, options in versions:
            words = {
                "title": title,
                "description": description,
                "text": text,
                "model": model,
                "options": options,
            }
            if recipe is None:
                recipe = create(member, private=private, **words)
            else:
                save(member, recipe, **words)
    return recipe


# --- what somebody typed into the gaps ------------------------------------------


def save_answers(member: Membership, of: str, text: str, data: Mapping[str, str]) -> dict[str, str]:
    """Stores and returns what ``data`` has for the gaps of ``text``, by normalized name. What was typed
    into the gaps of an older version is kept."""
    typed = {
        wording.normalized_name(name): data.get(f"var.{name}", "").replace("\0", "")[:ANSWER_MOST]
        for name in wording.variables(text)
    }
    with authority.acting(member, "make"):
        answers_row, _new = RecipeAnswers.objects.select_for_update().get_or_create(
            team=member.team, user=member.user, of=of
        )
        known = {name: value for name, value in answers_row.values.items() if name not in typed}
        answers_row.values = dict(list((typed | known).items())[:GAPS_MOST])
        answers_row.save()
    return answers_row.values


def answers(member: Membership, of: str) -> dict[str, str]:
    found = RecipeAnswers.objects.filter(team=member.team, user=member.user, of=of).first()
    return found.values if found else {}
