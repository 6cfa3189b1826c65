"""Names options, values and prices in the viewer's language: one vocabulary for the form, the clip page and
every note about a change. Sentences about jobs are in videos/words/."""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from videos.vendors import registry
from videos.vendors.contract import Price, Value

OPTIONS = {
    "seconds": _("Length"),
    "frames": _("Frames"),
    "aspect_ratio": _("Shape"),
    "resolution": _("Resolution"),
    "audio": _("Sound"),
    "camera_fixed": _("Camera stands still"),
    "seed": _("Seed"),
    "watermark": _("Watermark"),
    "last_frame": _("Last frame as a picture"),
    "tier": _("Quality"),
    "service": _("Service"),
    "expires_after": _("Give up after (seconds)"),
    "channel": _("Channel"),
    "count": _("How many"),
    "takes": _("Takes"),
    "format": _("File format"),
}
WORDS = {
    "adaptive": _("As the picture"),
    "auto": pgettext_lazy("a shape or size that the vendor chooses", "Auto"),
    "standard": _("Standard"),
    "pro": _("Pro"),
    "real": pgettext_lazy("a channel of the vendor", "Real"),
    "wild": pgettext_lazy("a channel of the vendor", "Wild"),
    "default": pgettext_lazy("a service level", "Normal"),
    "flex": _("Flex (slower)"),
    "economy": _("Economy"),
    "png": "PNG",
    "jpeg": "JPEG",
}
UNITS = {"credits": _("credits"), "units": _("units")}
MEDIA = {"video": _("Film"), "still": _("Still")}
ROLES = {
    "start": pgettext_lazy("first picture of a film", "Start"),
    "end": pgettext_lazy("last picture of a film", "End"),
    "reference": _("Reference"),
}


def option_name(name: str) -> str:
    return str(OPTIONS.get(name, name))


def option_value(name: str, value: Value | None) -> str:
    """A value as the form shows it: ``5 s``, ``720p``, ``on``."""
    if value is None:
        return gettext("left to chance")
    if isinstance(value, bool):
        return gettext("on") if value else gettext("off")
    if name == "seconds":
        return gettext("%(seconds)s s") % {"seconds": value}
    return str(WORDS.get(value, value)) if isinstance(value, str) else str(value)


def role_name(role: str) -> str:
    return str(ROLES.get(role, role))


def model_name(key: str) -> str:
    """The name of a model; its key where the registry no longer has it, as for old rows."""
    found = registry.MODELS.get(key)
    return found.name if found else key.partition("/")[2]


def vendor_name(slug: str) -> str:
    found = registry.VENDORS.get(slug)
    return found.name if found else slug


def amount(value: Decimal, unit: str) -> str:
    """``28 credits``: an amount in a vendor's own unit, without trailing zeros, never converted."""
    return f"{number_format(plain(value))} {UNITS.get(unit, unit)}".strip()


def price(found: Price | None, unit: str) -> str:
    """``28 credits, about $0.14``; empty where the vendor publishes no price."""
    if found is None:
        return ""
    if found.usd is None:
        return amount(found.amount, unit)
    values = {"amount": amount(found.amount, unit), "usd": number_format(cents(found.usd))}
    return gettext("%(amount)s, about $%(usd)s") % values


def money(value: Decimal, currency: str) -> str:
    """``0.42 USD``: two places, up to four where cents would hide the difference."""
    return f"{number_format(cents(value.quantize(Decimal('0.0001'), ROUND_HALF_UP)))} {currency}"


def plain(value: Decimal) -> Decimal:
    """Drops trailing zeros, and never uses an exponent: 28.000000 becomes 28, 0.500000 becomes 0.5."""
    normal = value.normalize()
    return normal.quantize(Decimal(1)) if normal == normal.to_integral_value() else normal


def figure(value: Decimal) -> str:
    """An amount for a machine (JSON, CSV, HTML, the book): 30 and 0.00000001, never 3E+1 or 1E-8."""
    return f"{plain(value):f}"


def cents(usd: Decimal) -> Decimal:
    """Two places, more where a cent would hide the price."""
    return usd.quantize(Decimal("0.01")) if usd == usd.quantize(Decimal("0.01")) else usd.normalize()


def described(options: Mapping[str, Value]) -> list[tuple[str, str]]:
    """Options as pairs of a name and a value, in our order."""
    return [(option_name(name), option_value(name, options[name])) for name in OPTIONS if name in options]


def picture_changes(notes: Iterable[str]) -> str:
    """What was done to a picture so that vendors take it, as sentences."""
    sentences = {
        "cut_short": gettext("Its last lines did not arrive, and are left out."),
        "first_frame": gettext("Only its first frame."),
        "main_picture": gettext("Only its main picture."),
        "enlarged": gettext("Enlarged: vendors need 300 pixels a side."),
        "reduced": gettext("Made smaller: vendors take 6,000 pixels a side and 30 MB."),
        "muted": gettext("Without its sound, which MP4 has no place for."),
        "cut": gettext("Only what was left of it when it was trimmed."),
    }
    return " ".join(sentences[note] for note in notes if note in sentences)
