"""What every page's template may ask for: icons, the menu, the teams, a time.

Nothing here decides who may see what: that is videos/access.py."""

from datetime import datetime

from django import template
from django.template.defaultfilters import date as written
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from videos import access

register = template.Library()

# (address name, icon, word, other address names that light the entry up)
ENTRIES = (
    ("gallery", "gallery", _("Gallery"), ("clip",)),
    ("prompts", "prompts", _("Prompts"), ()),
    ("keys", "keys", _("Keys"), ()),
    ("members", "members", _("Members"), ()),
)


@register.simple_tag
def icon(name: str) -> SafeString:
    """One symbol of static/img/icons.svg. Decoration: the words are beside it or in aria-label."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("img/icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def menu(context) -> list[dict]:
    """The pages of this team that exist. An entry appears the day its address does."""
    team = context.get("team")
    if team is None:
        return []
    match = getattr(context.get("request"), "resolver_match", None)
    here = match.url_name if match else ""
    entries = []
    for name, symbol, word, also in ENTRIES:
        try:
            url = reverse(name, args=[team.slug])
        except NoReverseMatch:
            continue
        entries.append({"url": url, "icon": symbol, "word": word, "here": here == name or here in also})
    return entries


@register.simple_tag(takes_context=True)
def my_teams(context) -> list:
    """The teams of who is looking, for the switcher."""
    user = context.get("user")
    return list(access.teams_of(user)) if user is not None and user.is_authenticated else []


@register.simple_tag
def when(moment: datetime | None) -> SafeString | str:
    """A moment in the viewer's zone. static/js/ago.js turns it into "4 min ago"; the exact
    time stays on hover. The text is absolute, so that a remembered card never lies."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return format_html(
        '<time datetime="{}" title="{}" data-ago>{}</time>',
        moment.isoformat(timespec="seconds"),
        written(local, "DATETIME_FORMAT"),
        written(local, "j M, H:i"),
    )
