"""Creates the rehearsal team with its keys and a few generations, so that a newcomer sees finished cards."""

import secrets

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from videos import vault
from videos.accounts import proved_addresses
from videos.jobs import verbs
from videos.models import Membership, Role, Team, User, VendorKey
from videos.vendors import options, registry
from videos.vendors.contract import Model

OWNER = "director@rehearsal.example"
# Different words, shapes and sounds; each model takes of them what it can do.
SCENES = (
    ("Sunrise over five ridges, fog drifting in the valleys, slow push in", {"aspect_ratio": "16:9"}),
    ("一只戴着墨镜的猫在沙滩上行走,背景是棕榈树", {}),
    ("Paper lanterns rise from a river at night, seen from a slow boat", {"aspect_ratio": "9:16"}),
    ("Caravan crossing the dunes at golden hour, wind in the sand", {"aspect_ratio": "21:9", "audio": True}),
    ("Moonlit lake, one lantern boat, camera slowly rising", {"aspect_ratio": "1:1"}),
    ("Paper-cut forest in four colours, a study for a square still", {"aspect_ratio": "1:1"}),
)
CHEAP = {"seconds": 4, "resolution": "720p"}


class Command(BaseCommand):
    help = "Makes the rehearsal team with an owner, a rehearsal key per vendor and a few generations; once."

    def handle(self, **_options):
        if not settings.DEMO:
            self.stdout.write(
                f"Open {settings.PUBLIC_URL} and sign up: the first person makes the first team."
            )
            return
        password = self.password()
        user = User.objects.filter(email=OWNER).first() or self.make(password)
        known = f"password {password}" if user.check_password(password) else "the password you gave it"
        self.stdout.write(f"Open {settings.PUBLIC_URL} and sign in as {OWNER} with {known}")

    def password(self) -> str:
        """The password of the rehearsal team's owner: created once and kept beside the data, so that every
        start can print it."""
        kept = settings.DATA / "rehearsal-password"
        if not kept.exists():
            kept.touch(mode=0o600)
            kept.write_text(
                "-".join(secrets.choice(WORDS) for _ in range(3)) + f"-{secrets.randbelow(90) + 10}"
            )
        return kept.read_text().strip()

    @transaction.atomic
    def make(self, password: str) -> User:
        user = User.objects.create_user(OWNER, password, name="Rehearsal Director")
        proved_addresses.vouch(user)
        team = Team.objects.create(
            name="Rehearsal team", slug=Team.free_slug("Rehearsal"), rehearsal_only=False
        )
        member = Membership.objects.create(team=team, user=user, role=Role.OWNER)
        for slug in registry.VENDORS:
            key = f"rehearsal-{secrets.token_hex(12)}"
            columns = vault.lock(team.pk, slug, key, rehearsal=True)
            VendorKey.objects.create(
                team=team, vendor=slug, rehearsal=True, created_by=user, label="Sandbox", **columns
            )
        for model, (prompt, wishes) in zip(showcase(), SCENES, strict=False):
            asked, _changes = options.carry_over(model, CHEAP | wishes)
            verbs.start(member, verbs.GenerationRequest(model=model.key, prompt=prompt, options=asked))
        return user


def showcase() -> list[Model]:
    """One model of each vendor that needs no picture, preferring one with sound, and then one that makes
    stills."""
    films = [max((m for m in v.models if m.medium == "video" and needs_no_picture(m)), key=has_audio)
             for v in registry.VENDORS.values()]  # fmt: skip
    stills = [model for model in registry.MODELS.values() if model.medium == "still"]
    return films + stills[-1:]


def needs_no_picture(model: Model) -> bool:
    return any(not any(slot.minimum for slot in mode.slots) for mode in model.modes)


def has_audio(model: Model) -> bool:
    return model.option("audio") is not None


WORDS = (
    "amber", "aperture", "autumn", "backlot", "ballad", "beacon", "canyon", "cedar", "cinder", "cobalt", "comet",
    "copper", "coral", "daylight", "delta", "dolly", "drift", "ember", "fable", "fjord", "gaffer", "garnet", "glacier",
    "halo", "harbour", "indigo", "island", "juniper", "lantern", "lagoon", "magnet", "meadow", "mirror", "monsoon",
    "nectar", "nimbus", "ocean", "opal", "orchard", "parade", "pebble", "prairie", "quartz", "ribbon", "river",
    "saffron", "sandbar", "scarlet", "shadow", "silver", "sparrow", "summit", "tandem", "thunder", "timber", "tundra",
    "umber", "valley", "velvet", "violet", "walnut", "willow", "winter", "zephyr",
)  # fmt: skip
