"""Reads tags in square brackets, by which a prompt asks the sandbox for a behaviour.

The table below is also their documentation: the control page shows it. A tag works in
every dialect; numbers are seconds of sandbox time unless said otherwise.
"""

import re
from collections.abc import Mapping

TAGS: dict[str, str] = {
    "refuse": "Refused at the submit for its content, in the vendor's words. Nothing is charged.",
    "audio-refused": "With sound: the task fails because its sound was refused. Without sound it succeeds.",
    "fail": "The task fails when it would have been ready. Refunded where the vendor says so.",
    "broke": "Refused: not enough credits.",
    "busy": "HTTP 429 with Retry-After 3 to the first try of this request, then taken. [busy:7]: 7 s.",
    "slow": "Takes 120 s. [slow:40]: 40 s.",
    "late": "Takes 2 hours, for studios that have stopped waiting by then. [late:900]: 900 s.",
    "odd": "A status word no document has, between being queued and the last second.",
    "nsfw": "The status word is NSFW, which no document has, and stays so; the task is charged. "
    "[nsfw:60]: for 60 s, then the film comes.",
    "encoded": "The film's bytes are as they should be, under the label Content-Encoding: aws-chunked. "
    "[encoded:gzip]: they are really packed. [encoded:frames]: they stand in the frames of aws-chunked.",
    "dead-link": "The first result address answers 404; asking again gives one that works. "
    "[dead-link:always]: none works.",
    "no-url": "The first two answers after success carry no address.",
    "wrong-size": "The film arrives smaller than asked, at the same price.",
    "unreadable": "It is delivered and charged, and nothing can open it. [unreadable:cut]: its second half is missing, "
    "every time. [unreadable:page]: a gateway's page comes in its place.",
    "callback": "[callback:2]: each callback comes twice. [callback:forged]: a forged success comes before "
    "the true one. [callback:none]: it never comes.",
    "lost": "The task is made and charged, then the connection drops without an answer. "
    "[lost:503]: a 503 page of HTML instead.",
}

FOUND = re.compile(r"\[([a-z-]+)(?::([a-z0-9.]+))?\]")


def read(prompt: str) -> dict[str, str]:
    """Returns the tags of a prompt: ``"a cat [busy:7]"`` gives ``{"busy": "7"}``; a tag without a
    value has ``""``. Unknown words in brackets are ignored."""
    return {name: value for name, value in FOUND.findall(prompt) if name in TAGS}


def plain(prompt: str) -> str:
    """Returns the prompt without its tags, as the film shows it."""
    shown = FOUND.sub(lambda found: "" if found[1] in TAGS else found[0], prompt)
    return " ".join(shown.split())


def seconds(tags: Mapping[str, str], name: str, usual: float) -> float:
    """Returns the number of a tag, or ``usual`` when it has none or it is no number."""
    try:
        return float(tags[name])
    except ValueError:
        return usual
