"""Asking which models can do a wish, and reading the answer."""

import re
from datetime import timedelta

from tests.builders import a_job, a_key
from videos.models import Team, VendorKey
from videos.models.clock import now
from videos.states import State
from videos.vendors import registry

HTMX = {"HX-Request": "true"}
FIND, CHOOSE = "/t/northlight/create/models/", "/t/northlight/create/models/choice/"
DRAFT, GALLERY = "/t/northlight/draft/", "/t/northlight/"
ORG, LITE, S2A = "seedanceapi-org/seedance-2.0", "seedanceapi-dev/seedance-lite-5s", "seedance2ai/seedance"
ACE = "acedata/doubao-seedance-1-5-pro-251215"
WISH = {"seconds": "12", "audio": "yes", "aspect_ratio": "16:9"}


def every_key(team: Team) -> dict[str, VendorKey]:
    """A rehearsal key of each vendor."""
    return {vendor: a_key(team, vendor=vendor, secret=f"rehearsal-{vendor}") for vendor in registry.VENDORS}


def tables(html: str) -> dict[str, list[str]]:
    """Caption -> the models under it, in order."""
    parts = re.findall(r"<caption>(.*?)</caption>(.*?)</table>", html, re.DOTALL)
    return {caption.strip(): re.findall(r'name="choose" value="([^"]+)"', rows) for caption, rows in parts}


def row(html: str, model: str) -> str:
    """The words of one model's row."""
    rows = [found for found in re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL) if f'value="{model}"' in found]
    spoken = re.sub(r'<span class="tally__label">.*?</span>', "", rows[0])
    return " ".join(re.sub(r"<[^>]*>", " ", spoken).split())


def find(client, **wishes) -> str:
    return client.get(FIND, wishes, headers=HTMX).content.decode()


def went(team, user, model, *, made=0, failed=0, seconds=60, **fields):
    """Jobs that ended: each waited a second longer than the one before."""
    for n in range(made + failed):
        state = State.SUCCEEDED if n < made else State.FAILED
        at = now()
        pressed = at - timedelta(seconds=seconds + n)
        a_job(team, user, "A harbour", model=model, state=state, created_at=pressed, ended_at=at, **fields)
