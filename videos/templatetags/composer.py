"""The template tag that puts the composer into a page. It connects the rooms ``create`` and ``gallery``,
which do not import each other."""

from django import template

from videos import access
from videos.create import controls, drafts, templated

register = template.Library()


@register.inclusion_tag("create/_composer.html", takes_context=True)
def composer(context) -> dict[str, object]:
    """Fills the form from ``?recipe=`` (a template, its gaps filled), from ``?from=<id>`` (with ``as`` and
    ``picture``, see drafts.form_of_job), else from the current draft. A form that was filled from the
    address is a draft of its own, and never overwrites the current one."""
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
