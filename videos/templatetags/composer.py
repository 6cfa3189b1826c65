"""The composer where a page wants it: the one join between making and the wall."""

from django import template

from videos import access
from videos.create import controls, drafts, sheet
from videos.recipes import using

register = template.Library()


@register.inclusion_tag("create/_composer.html", takes_context=True)
def composer(context) -> dict[str, object]:
    """Filled from ``?recipe=`` (a template, its gaps filled), from ``?from=<id>`` (with
    ``as=continue&picture=<id>``: the next shot), else from the draft."""
    member, request = context["member"], context["request"]
    older, recipe = request.GET.get("from"), request.GET.get("recipe")
    if recipe:
        found, text = using.filled(member, recipe)
        typed = drafts.restored(member)
        filled = sheet.worded(member, typed, text, found.models, found.options, found.version)
    elif older:
        job = access.job_for(member, older)
        onward = request.GET.get("as") == "continue"
        filled = (
            sheet.continuing(member, job, request.GET.get("picture", ""))
            if onward
            else sheet.from_job(member, job)
        )
    else:
        filled = drafts.restored(member)
    return {
        "composer": controls.compose(member, filled),
        "member": member,
        "team": member.team,
        "csrf_token": context.get("csrf_token"),
        "request": request,
    }
