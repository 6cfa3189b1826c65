"""Template tags for every page: icons, moments, addresses, limits of fields."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django import template
from django.conf import settings
from django.template.defaultfilters import date as written
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from videos.models.email_addresses import readable

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draws one symbol of static/img/icons.svg. It is decoration: its meaning is in the words beside it or
    in an aria-label."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("img/icons.svg"),
        name,
    )


@register.filter
def shown_email(email: str) -> str:
    """An e-mail address with its domain in the letters of its language."""
    return readable(email)


@register.simple_tag
def longest(text: str = "") -> int:
    """How many characters, as a browser counts them, a field takes from a keyboard or a paste, so that the
    form can always be read: no character is longer than three bytes, except those that count as two.
    ``text`` that stands in the field is always taken: rows that come back as a table have quotes and
    columns added, and a browser does not send a field that was changed while it is too long."""
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 4  # a quarter is for all the other fields
    return max(most, len(text.encode("utf-16-le")) // 2)


@register.simple_tag
def file_megabytes() -> int:
    """The size limit of one file, in MB: a longer file is refused by the browser before it is sent."""
    return settings.FILE_BYTES // 1_000_000


@register.simple_tag
def when(moment: datetime | None) -> SafeString | str:
    """A moment in the viewer's time zone. static/js/time.js turns it into "4 min ago"; the exact time shows
    on hover. The text itself is absolute, so that a cached card stays true."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return format_html(
        '<time datetime="{}" title="{}" data-ago>{}</time>',
        moment.isoformat(timespec="seconds"),
        written(local, "DATETIME_FORMAT"),
        written(local, pgettext("a moment, for Django's date filter", "j M, H:i")),
    )


@register.simple_tag
def invalid(errors: Mapping[str, Sequence[str]], field: str) -> SafeString | str:
    """The attributes that connect a control of the composer to its errors, which stand beside the button."""
    if not errors.get(field):
        return ""
    reasons = " ".join(f"why-{field}-{n}" for n, _reason in enumerate(errors[field], 1))
    return format_html(' aria-invalid="true" aria-describedby="{}"', reasons)
