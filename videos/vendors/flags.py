"""Settings typed into a prompt (``--dur 5``) become options in plain view.

docs/vendors/acedata.txt lists short names; one of its examples uses a long
one (``--ratio``). That vendor reads them out of the prompt with a weak check,
so a wrong one silently becomes a default and a right one changes the bill
behind the form's back. The rules here:

* every flag of the table, short or long, anywhere in the text, is lifted when
  the model has that option; it then stands in the form and is checked there;
* a flag of the table for an option that the model does not have is refused
  (a person asked for something that would not happen);
* any other ``--word`` is refused where the vendor would read it as a setting
  (``PromptRule.inline``) and is plain text for every other vendor;
* frames per second are 24 everywhere: ``--fps 24`` says nothing and goes.
"""

import re

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

_NAMES = "|".join(sorted((*FLAGS, *FRAME_RATE_FLAGS), key=len, reverse=True))
_FLAG = re.compile(rf"(?:^|(?<=\s))--({_NAMES})(?![\w-])(?:[ \t]+(?!--)([^\s]+))?[ \t]*", re.IGNORECASE)
_ANY = re.compile(r"(?:^|(?<=\s))--([A-Za-z][\w-]{0,40})")


def lift_flags(model: Model, prompt: str) -> tuple[str, dict[str, Value], list[Problem]]:
    """The prompt without its flags, what they asked for, and what is wrong with
    them. A prompt without flags comes back untouched, to the last space."""
    options: dict[str, Value] = {}
    problems: list[Problem] = []

    def lift(found: re.Match[str]) -> str:
        name, text = found[1].casefold(), found[2] or ""
        if name in FRAME_RATE_FLAGS:
            problem = _frame_rate_problem(name, text)
        else:
            problem = _take(model, name, text, options)
        if problem is None:
            return ""
        problems.append(problem)
        return found[0]

    lifted = _FLAG.sub(lift, prompt)
    if lifted != prompt:
        lifted = lifted.rstrip()
    if model.prompt.inline:
        problems += (found for found in flag_problems(model, lifted) if not _is_known(found.values["flag"]))
    return lifted, options, problems


def flag_problems(model: Model, prompt: str) -> list[Problem]:
    """Words this vendor would read as settings, still standing in the text."""
    names = dict.fromkeys(f"--{name}" for name in _ANY.findall(prompt))
    return [Problem("prompt", "flag_not_known", {"flag": name, "legal": _lifted(model)}) for name in names]


def _take(model: Model, name: str, text: str, options: dict[str, Value]) -> Problem | None:
    option = _option(model, name)
    if option is None:
        return Problem("prompt", "flag_without_option", {"flag": f"--{name}", "legal": _lifted(model)})
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


def _lifted(model: Model) -> tuple[str, ...]:
    return tuple(f"--{name}" for name, ours in FLAGS.items() if model.option(ours))
