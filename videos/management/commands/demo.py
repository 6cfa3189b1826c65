"""A team to rehearse with, so that a newcomer sees cards come alive."""

import secrets

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from videos.jobs import verbs
from videos.keys import vault
from videos.models import Membership, Role, Team, User, VendorKey
from videos.vendors import registry

OWNER = "director@rehearsal.example"
# One wish per vendor where its cheapest model can do it: different shapes, words and sounds.
SCENES = (
    ("seedanceapi-org/seedance-2.0", "Sunrise over five ridges, fog drifting in the valleys, slow push in",
     {"aspect_ratio": "16:9", "resolution": "720p", "seconds": 4, "audio": False}),
    ("seedanceapi-dev/seedance-lite-5s", "一只戴着墨镜的猫在沙滩上行走,背景是棕榈树", {}),
    ("defapi/seedance-2.0", "Paper lanterns rise from a river at night, seen from a slow boat",
     {"aspect_ratio": "9:16", "seconds": 5}),
    ("acedata/doubao-seedance-1-5-pro-251215", "Caravan crossing the dunes at golden hour, wind in the sand",
     {"aspect_ratio": "21:9", "resolution": "480p", "seconds": 5, "audio": True}),
    ("seedance2ai/seedance", "Moonlit lake, one lantern boat, camera slowly rising",
     {"aspect_ratio": "1:1", "resolution": "720p", "seconds": 4, "audio": True}),
    ("seedance2ai/nano-banana-pro", "Paper-cut forest in four colours, a study for a square still",
     {"aspect_ratio": "1:1", "resolution": "1K"}),
)  # fmt: skip


class Command(BaseCommand):
    help = "Makes the rehearsal team with an owner, a rehearsal key per vendor and a few generations; once."

    def handle(self, **options):
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
        """Made once and kept beside the data, so that every start can say it."""
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
        team = Team.objects.create(
            name="Rehearsal team", slug=Team.free_slug("Rehearsal"), rehearsal_only=False
        )
        member = Membership.objects.create(team=team, user=user, role=Role.OWNER)
        for slug in registry.VENDORS:
            key = f"rehearsal-{secrets.token_hex(12)}"
            columns = vault.lock(team.pk, slug, key, rehearsal=True)
            VendorKey.objects.create(
                team=team, vendor=slug, rehearsal=True, created_by=user, label="Rehearsal", **columns
            )
        for model, prompt, wishes in SCENES:
            verbs.start(member, verbs.Order(model=model, prompt=prompt, options=wishes))
        return user


WORDS = (
    "amber", "aperture", "autumn", "backlot", "ballad", "beacon", "canyon", "cedar", "cinder", "cobalt", "comet",
    "copper", "coral", "daylight", "delta", "dolly", "drift", "ember", "fable", "fjord", "gaffer", "garnet", "glacier",
    "halo", "harbour", "indigo", "island", "juniper", "lantern", "lagoon", "magnet", "meadow", "mirror", "monsoon",
    "nectar", "nimbus", "ocean", "opal", "orchard", "parade", "pebble", "prairie", "quartz", "ribbon", "river",
    "saffron", "sandbar", "scarlet", "shadow", "silver", "sparrow", "summit", "tandem", "thunder", "timber", "tundra",
    "umber", "valley", "velvet", "violet", "walnut", "willow", "winter", "zephyr",
)  # fmt: skip
