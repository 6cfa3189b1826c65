"""The composer where a page wants it: the one join between making and the wall."""

from django import template

from videos import access
from videos.create import controls, drafts, templated

register = template.Library()


@register.inclusion_tag("create/_composer.html", takes_context=True)
def composer(context) -> dict[str, object]:
    """Filled from ``?recipe=`` (a template, its gaps filled), from ``?from=<id>`` (with ``as``
    and ``picture``, see drafts.again), else from the draft. A form that was filled so is one
    of its own, and never writes over that draft."""
    member, request = context["member"], context["request"]
    older, recipe = request.GET.get("from"), request.GET.get("recipe")
    if recipe:
        filled = templated.form_with_template(member, recipe)
    elif older:
        filled = drafts.form_of_job(member, access.job_for(member, older), request.GET)
    else:
        filled = drafts.current_form(member)
    return {
        "composer": controls.compose(member, filled),
        "others": drafts.count_other_drafts(member, filled.draft),
        "member": member,
        "team": member.team,
        "csrf_token": context.get("csrf_token"),
        "on_a_mac": context.get("on_a_mac"),
        "request": request,
    }
