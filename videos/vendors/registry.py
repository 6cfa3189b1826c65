"""Lists every vendor and every model. A new vendor is one line here."""

from collections.abc import Iterable

from . import acedata, defapi, seedance2ai, seedanceapi_dev, seedanceapi_org
from .contract import Model, Vendor

VENDORS: dict[str, Vendor] = {
    entry.slug: entry
    for entry in (
        seedanceapi_org.VENDOR,
        seedanceapi_dev.VENDOR,
        defapi.VENDOR,
        acedata.VENDOR,
        seedance2ai.VENDOR,
    )
}  # fmt: skip

MODELS: dict[str, Model] = {entry.key: entry for one in VENDORS.values() for entry in one.models}


class UnknownVendor(KeyError):
    def __str__(self) -> str:
        return f"no vendor {self.args[0]!r}; there are {', '.join(VENDORS)}"


class UnknownModel(KeyError):
    def __str__(self) -> str:
        return f"no model {self.args[0]!r}; there are {', '.join(MODELS)}"


def vendor(slug: str) -> Vendor:
    """Returns the vendor with this slug. Raises UnknownVendor (a KeyError), which names them all."""
    try:
        return VENDORS[slug]
    except KeyError:
        raise UnknownVendor(slug) from None


def model(key: str) -> Model:
    """Returns the model ``vendor/id``. Raises UnknownModel (a KeyError), which names them all."""
    try:
        return MODELS[key]
    except KeyError:
        raise UnknownModel(key) from None


def models_for(slugs: Iterable[str]) -> tuple[Model, ...]:
    """Returns the models of these vendors (those a team has keys for), in the registry's order."""
    wanted = set(slugs)
    return tuple(entry for entry in MODELS.values() if entry.vendor in wanted)
