"""The templates that ship with the studio: every team sees them in the viewer's language, and copies one to
change it. Each says what a model must be able to do, and names no model."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from videos.vendors import registry
from videos.vendors.contract import Model, Value


@dataclass(frozen=True, slots=True)
class Needs:
    """What a model must be able to do. ``roles``: picture roles that one mode must have together; of
    ``either`` the mode must have at least one."""

    medium: str = "video"
    roles: frozenset[str] = frozenset()
    either: frozenset[str] = frozenset()

    def suits(self, model: Model) -> bool:
        if model.medium != self.medium:
            return False
        modes = [{role for slot in mode.slots for role in (slot.role, *slot.also)} for mode in model.modes]
        return any(self.roles <= roles and (not self.either or self.either & roles) for roles in modes)


@dataclass(frozen=True, slots=True)
class Shipped:
    slug: str
    title: Promise
    description: Promise
    text: Promise
    needs: Needs = Needs()
    options: Mapping[str, Value] = field(default_factory=dict)

    @property
    def models(self) -> tuple[str, ...]:
        """The keys of the models that it suits, in the registry's order."""
        return tuple(key for key, model in registry.MODELS.items() if self.needs.suits(model))


SHIPPED = (
    Shipped(
        "push-in",
        _("Camera move: slow push in"),
        _("From a wide view to what matters, in one unbroken shot."),
        _(
            "A wide view of {{place}}. The camera pushes in slowly and steadily towards {{subject}} and comes to rest "
            "close to it. One unbroken shot at eye level, natural light, shallow depth of field."
        ),
        options={"camera_fixed": False},
    ),
    Shipped(
        "crane-up",
        _("Camera move: crane up and reveal"),
        _("Begins on a detail, rises, and shows where we are."),
        _(
            "Close on {{detail}}. The camera rises like a crane, tilts down gently and reveals {{place}} in its whole "
            "extent. One unbroken shot, {{light}}, slow and even movement."
        ),
        options={"camera_fixed": False},
    ),
    Shipped(
        "product-turn",
        _("Product turn"),
        _("One thing turns once around itself. Bring a picture of it as the start."),
        _(
            "{{product}} on {{surface}} turns once around its own axis, slowly and evenly. Soft studio light from the "
            "left, {{background}} background, no people, no text. The camera stands still."
        ),
        needs=Needs(either=frozenset({"start", "reference"})),
        options={"camera_fixed": True, "aspect_ratio": "1:1"},
    ),
    Shipped(
        "portrait",
        _("Portrait"),
        _("A person, close, with one small movement."),
        _(
            "Portrait of {{person}} in {{place}}, head and shoulders, at eye level. {{gesture}}, then a look into the "
            "camera. Soft light from one side, calm background out of focus, fine texture of skin and cloth."
        ),
        options={"aspect_ratio": "9:16"},
    ),
    Shipped(
        "seamless-loop",
        _("Seamless loop"),
        _("Ends where it began. Bring the same picture as start and as end."),
        _(
            "{{scene}}. {{movement}} goes on evenly and without an end; the last moment is exactly like the first, so "
            "that the film can run in a loop. The camera stands still, the light does not change."
        ),
        needs=Needs(roles=frozenset({"start", "end"})),
        options={"camera_fixed": True},
    ),
    Shipped(
        "image-to-still",
        _("From picture to still"),
        _("What is in your picture, somewhere else. Bring it as a reference."),
        _(
            "Keep {{subject}} exactly as in the picture: its shape, colours and proportions. Show it {{place}}, in "
            "{{light}}, as a sharp photograph without text."
        ),
        needs=Needs(medium="still", roles=frozenset({"reference"})),
    ),
)  # fmt: skip
BY_SLUG = {one.slug: one for one in SHIPPED}
