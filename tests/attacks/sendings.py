"""What the walks of tests/attacks send to every address of a team that changes something: forms that
do write, as its owner would send them."""

import re

from tests.attacks.doors import DOORS, QUESTIONS
from tests.attacks.house import PRESSED, undone
from tests.attacks.posted import ALSO_POST, POSTED
from tests.builders import MODEL, a_job, a_key
from videos.models import Output, VendorKey
from videos.models.clock import now
from videos.vendors import registry

OF_A_TEAM = [name for name, door in DOORS.items() if door.of_a_team]
CHANGING = [
    name for name in OF_A_TEAM if (DOORS[name].method == "POST" or name in POSTED) and name not in QUESTIONS
]
# More than one thing can be asked for at these addresses.
OTHERS = {
    "member": [{"remove": "1"}],
    "keys": [{"vendor": "defapi", "kind": "rehearsal", "owner": "me", "key": ""}],
    "budget_change": [{"end": "1"}],
    "budget_answer": [{"decision": "approve", "granted": "7"}],
    "clip_decision": [{"choice": "give_up"}],
    "draft": [PRESSED | {"do": "find"}, PRESSED | {"do": "last"}],
    "draft_choose": [{"do": "take"}],
    "recipe_use": [{"do": "preview", "var.product": "A watch"}],
    "generate": [PRESSED | {"takes": "3"}],
}


def sent(house, name: str, client) -> list[dict]:
    """Everything that is sent to one address, made anew: a file is read once, and what was looked
    at before it is pressed is looked at by ``client``."""
    if name in LOOKED_AT:
        return LOOKED_AT[name](house, client, DOORS[name].url(name, house.ours))
    first = ALSO_POST[name] if name in ALSO_POST else DOORS[name].form(house)
    return [first, *OTHERS.get(name, [])]


def seen(answer) -> str:
    return re.search(r'name="seen" value="(\w+)"', answer.content.decode())[1]


def a_batch(house, client, url: str) -> list[dict]:
    rows = PRESSED | {"rows": "A harbour", "client_token": "a batch"}
    return [rows | {"do": "go", "seen": seen(client.post(url, rows | {"do": "check"}))}]


def a_race(house, client, url: str) -> list[dict]:
    a_key(house.ours.team, vendor="defapi", secret="rehearsal-race")
    runners = {"model": [PRESSED["model"], registry.vendor("defapi").models[0].key]}
    return [runners | {"seen": seen(client.get(url, runners)), "client_token": "a race"}]


def states_of_a_key(house, client, url: str) -> list[dict]:
    VendorKey.objects.filter(pk=house.ours.key.pk).update(empty_since=now())
    return [{"state": state} for state in ("paused", "active", "topped_up")]


def a_pick_and_none(house, client, url: str) -> list[dict]:
    ours = house.ours
    kept = a_job(ours.team, ours.owner, key=ours.key, take_group=ours.clip.take_group, keeper=True)
    return [{"take": ours.clip.public_id.hex}, {"none": kept.public_id.hex}]


def something_unchecked(house, client, url: str) -> list[dict]:
    stills = Output.objects.filter(job=house.ours.clip, n=1)
    stills.update(state="unchecked", media_type="application/octet-stream")
    return [{}]


LOOKED_AT = {
    "clip_check": something_unchecked,
    "key_state": states_of_a_key,
    "stack_keeper": a_pick_and_none,
    "batch": a_batch,
    "race": a_race,
    "bring_in": lambda house, client, url: [
        {
            "task_id": "task-9",
            "model": MODEL,
            "key": house.ours.key.pk,
            "none_of": house.ours.lost.public_id.hex,
        }
    ],
    "clip_continue": lambda house, client, url: [{"n": "1"}],
}


def how_many(house, name: str) -> range:
    with undone():
        return range(len(sent(house, name, house.client("owner"))))
