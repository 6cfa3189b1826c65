"""Reads what the page of one generation shows."""

from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from videos import access, cards, labels, live, words
from videos.clips import arrived
from videos.jobs import verbs
from videos.media.present import is_present
from videos.models import Job, Membership, Output, RecipeVersion, clock
from videos.states import Money


@dataclass(frozen=True, slots=True)
class ShownOutput:
    """One stored output on the page."""

    output: Output
    film: cards.Film
    facts: list[arrived.Fact]
    differs: list[str]
    url: str
    current: bool
    there: bool  # its file is in the store


@dataclass(frozen=True, slots=True)
class UncheckedOutput:
    """One output that is kept and cannot be shown: why not, and how large it is. ``there``: its file is in
    the store."""

    output: Output
    why: str
    size: str
    there: bool


def with_card_fields(job: Job) -> Job:
    """Reads the job again with everything that its card needs."""
    return cards.with_cards(Job.objects.filter(pk=job.pk)).get()


def outputs(job: Job, chosen_n: str) -> list[ShownOutput]:
    """The stored outputs, with the chosen one marked; the last frame comes last."""
    stored = [one for one in job.outputs.defer("url_sealed") if one.state == "stored" and one.file]
    stored.sort(key=lambda one: (one.kind == "last_frame", one.n))
    chosen = next((one for one in stored if str(one.n) == chosen_n), stored[0] if stored else None)
    page = reverse("clip", args=[job.team.slug, job.public_id])
    return [
        ShownOutput(
            one,
            cards.Film.of(job, one),
            arrived.facts(one),
            words.mismatch(one.differs),
            f"{page}?n={one.n}",
            one is chosen,
            is_present(one),
        )
        for one in stored
    ]


def unchecked(job: Job) -> list[UncheckedOutput]:
    """The outputs that are kept and could not be opened."""
    found = job.outputs.filter(state="unchecked").defer("url_sealed")
    return [
        UncheckedOutput(one, words.unchecked(one.detail), filesizeformat(one.bytes), is_present(one))
        for one in found
    ]


def recipe_of(member: Membership, job: Job) -> RecipeVersion | None:
    """The template version that the job's words came from, where this person may see it."""
    if job.recipe_id is None:
        return None
    return access.recipe_versions_for(member).select_related("recipe").filter(pk=job.recipe_id).first()


def page_context(member: Membership, job: Job, chosen_n: str) -> dict[str, object]:
    """Everything that the page's template prints."""
    shown, unopened = outputs(job, chosen_n), unchecked(job)
    chosen = next((one for one in shown if one.current), None)
    file_missing = chosen is not None and not chosen.there
    spends = access.can(member, "spend")
    model, vendor = labels.model_name(job.model), labels.vendor_name(job.vendor)
    unsaid = job.charge is None and job.money not in (Money.NONE, Money.NOT_CHARGED)
    return {
        "member": member,
        "team": member.team,
        "job": job,
        "model": model,
        "vendor": vendor,
        "say": words.missing_file_text(job, amounts=spends)
        if file_missing
        else words.card_text(job, clock.now(), amounts=spends),
        "shown": shown,
        "chosen": None if file_missing else chosen,
        "lost": file_missing,
        "unchecked": unopened,
        "last_frame": next((one for one in shown if one.output.kind == "last_frame"), None),
        "card": "" if shown else cards.card(with_card_fields(job), member),
        "asked": labels.described(job.options),
        "key": words.key_name(job.key, member.user_id),
        "recipe": recipe_of(member, job),
        "estimate": labels.amount(job.estimate, job.unit) if job.estimate is not None else "",
        "charge": labels.amount(job.charge, job.unit) if job.charge is not None else "",
        "unsaid": unsaid,
        "priced": spends and (unsaid or job.estimate is not None or job.charge is not None),
        "refunded": labels.amount(job.refunded, job.unit) if job.refunded else "",
        "pictures": list(job.pictures.select_related("upload")),
        "story": [
            (event, words.describe_event(event, amounts=spends)) for event in access.events_for(member, job)
        ],
        "children": list(access.clips_for(member).filter(parent=job).order_by("-pk")[:6]),
        "every": live.Watch.over([job]).every,
        "mark": live.mark(job.version, job.percent),
        "may": {verb: access.can(member, verb) for verb in ("make", "spend", "trash")}
        | {
            "look": verbs.can_look_again(member, job),
            "use_key": access.may_use(member, job.key),
            "fetch_now": verbs.stuck(job),
            "open_link": verbs.has_link(member, job),
        },
        "replacement": cards.replacement(job, member),
    }
