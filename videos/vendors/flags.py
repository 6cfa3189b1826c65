"""Turns settings typed into a prompt (``--dur 5``) into options that the form shows.

docs/vendors/acedata.txt lists short names; one of its examples uses a long
one (``--ratio``). That vendor reads them out of the prompt with a weak check,
so a wrong one silently becomes a default and a right one changes the bill
behind the form's back. The rules here:

* every flag of the table, short or long, anywhere in the text (after a full
  stop, a comma, a Chinese sign; with or without a blank; in full width), is
  lifted when the model has that option; it then stands in the form and is
  checked there;
* an em dash in its place (programs make one of two hyphens) counts where a
  value follows: a number, yes, no or "adaptive". Otherwise it is punctuation;
* a flag of the table for an option that the model does not have is refused
  (a person asked for something that would not happen);
* any other ``--word`` is refused where the vendor would read it as a setting
  (``PromptRule.inline``) and is plain text for every other vendor;
* frames per second are 24 everywhere: ``--fps 24`` says nothing and goes.
"""

import re
from itertools import islice

from .contract import Model, Option, Problem, Value
from .values import BadValue, parse_value

FLAGS = {
    "rs": "resolution", "resolution": "resolution",
    "rt": "aspect_ratio", "ratio": "aspect_ratio",
    "dur": "seconds", "duration": "seconds",
    "frames": "frames",
    "seed": "seed",
    "cf": "camera_fixed", "camerafixed": "camera_fixed",
    "wm": "watermark", "watermark": "watermark",
}  # fmt: skip
FRAME_RATE_FLAGS = ("fps", "framespersecond")
FRAMES_PER_SECOND = 24
MAX_NAMED = 50  # words that are named in refusals: enough to correct the rest by

# Each sign for one sign, so that an index in one text is an index in the other: full width as ASCII,
# and what looks like a hyphen, a dash or a blank as one of each.
_PLAIN = (
    {0xFF01 + n: 0x21 + n for n in range(94)}
    | dict.fromkeys(map(ord, "\u2010\u2011\u2212\ufe63"), "-")
    | dict.fromkeys(map(ord, "\u2012\u2013\u2015\u2e3a"), "—")
    | dict.fromkeys(map(ord, "\u00a0\u3000\u202f\u2009"), " ")
)
_PIECE = 100_000  # characters
# Every repetition keeps what it took (``++``, ``*+``): a text takes no longer than its length.
_DASHES = r"(?<![-—])(?:[-—]{2,}+|—)"
_NAMES = "|".join(sorted((*FLAGS, *FRAME_RATE_FLAGS), key=len, reverse=True))
_VALUE = r"[+-]?[0-9A-Za-z](?:[0-9A-Za-z%]|[.:/*_-](?=[0-9A-Za-z]))*+"
_FLAG = re.compile(
    rf"({_DASHES})({_NAMES})(?![A-Za-z_-])(?:[ \t]*+[:=]?[ \t]*+({_VALUE}))?[ \t]*+", re.IGNORECASE
)
_ANY_FLAG = re.compile(r"(?<!-)-{2,}+([A-Za-z][A-Za-z0-9_-]{0,40})")
_PLAUSIBLE_VALUE = re.compile(r"[+-]?[0-9].*|true|false|on|off|yes|no|adaptive", re.IGNORECASE)


def lift_flags(model: Model, prompt: str) -> tuple[str, dict[str, Value], list[Problem]]:
    """Returns the prompt without its flags, the options they asked for, and what is wrong with
    them. A prompt without flags is returned unchanged, to the last space."""
    options: dict[str, Value] = {}
    problems: list[Problem] = []
    kept, at = [], 0
    for found in _FLAG.finditer(_normalised(prompt)):
        name, text = found[2].casefold(), found[3] or ""
        if "--" not in found[1] and not _PLAUSIBLE_VALUE.fullmatch(text):
            continue
        if name in FRAME_RATE_FLAGS:
            problem = _frame_rate_problem(name, text)
        else:
            problem = _lift_one(model, name, text, options)
        if problem is None:
            kept.append(prompt[at : found.start()])
            at = found.end()
        else:
            problems.append(problem)
    lifted = "".join([*kept, prompt[at:]])
    if lifted != prompt:
        lifted = lifted.rstrip()
    if model.prompt.inline:
        problems += (found for found in flag_problems(model, lifted) if not _is_known(found.values["flag"]))
    return lifted, options, problems


def flag_problems(model: Model, prompt: str) -> list[Problem]:
    """Returns a problem for each word left in the prompt that this vendor would read as a setting."""
    named = islice(_ANY_FLAG.finditer(_normalised(prompt)), MAX_NAMED)
    names = dict.fromkeys(f"--{found[1]}" for found in named)
    return [Problem("prompt", "flag_not_known", {"flag": name, "legal": _flags_of(model)}) for name in names]


def _normalised(prompt: str) -> str:
    """Returns the prompt with look-alike signs as ASCII. It works in pieces, because ``translate``
    takes 60 ms for a megabyte and holds the GIL all that time."""
    return "".join(prompt[at : at + _PIECE].translate(_PLAIN) for at in range(0, len(prompt), _PIECE))


def _lift_one(model: Model, name: str, text: str, options: dict[str, Value]) -> Problem | None:
    option = _option(model, name)
    if option is None:
        return Problem("prompt", "flag_without_option", {"flag": f"--{name}", "legal": _flags_of(model)})
    if not text:
        return Problem("prompt", "flag_without_value", {"flag": f"--{name}"})
    try:
        options[option.name] = parse_value(option, text)  # the last one wins, as with the vendor
    except BadValue as bad:
        return bad.problem
    return None


def _option(model: Model, name: str) -> Option | None:
    return model.option(FLAGS[name])


def _frame_rate_problem(name: str, text: str) -> Problem | None:
    if text == str(FRAMES_PER_SECOND):
        return None
    values = {"flag": f"--{name}", "value": text, "legal": (FRAMES_PER_SECOND,)}
    return Problem("prompt", "flag_not_legal", values)


def _is_known(flag: object) -> bool:
    return str(flag).removeprefix("--").casefold() in (*FLAGS, *FRAME_RATE_FLAGS)


def _flags_of(model: Model) -> tuple[str, ...]:
    return tuple(f"--{name}" for name, ours in FLAGS.items() if model.option(ours))
