"""The table of all keyboard shortcuts. The help sheet is rendered from this table, and static/js/keys.js
reads its keys from the sheet, so that no shortcut can be missing from it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True, slots=True)
class Key:
    """One key as a keyboard prints it, and how it is spoken where its sign alone is easily missed."""

    printed: str
    spoken: str = ""
    on_a_mac: str = ""


KEYS = {
    "Ctrl": Key(pgettext_lazy("a key", "Ctrl"), on_a_mac="⌘"),
    "Alt": Key("Alt", on_a_mac="⌥"),
    "Enter": Key(pgettext_lazy("a key", "Enter")),
    "Tab": Key("Tab"),
    "Escape": Key(pgettext_lazy("a key", "Esc")),
    "ArrowDown": Key("↓", pgettext_lazy("a key", "arrow down")),
    "ArrowUp": Key("↑", pgettext_lazy("a key", "arrow up")),
    ",": Key(",", pgettext_lazy("a key", "comma")),
    ".": Key(".", pgettext_lazy("a key", "full stop")),
    "?": Key("?", pgettext_lazy("a key", "question mark")),
}


@dataclass(frozen=True, slots=True)
class Shortcut:
    """One shortcut. ``name`` is what the scripts call it; ``keys`` are alternatives, as keys.js spells
    them. ``typing``: it also works while somebody types."""

    name: str
    keys: tuple[str, ...]
    does: str
    typing: bool = False

    @property
    def single(self) -> bool:
        """Whether it is one character with nothing held, which speech input or an accidental touch can
        press."""
        return any(len(key) == 1 for key in self.keys)

    @property
    def chords(self) -> list[list[Key]]:
        """One or the other, each of one key or several held together."""
        return [[KEYS.get(name, Key(name)) for name in chord.split("+")] for chord in self.keys]


Group = tuple[str, Sequence[Shortcut]]

ALL: tuple[Group, ...] = (
    (
        _("Everywhere"),
        (
            Shortcut("sheet", ("?",), _("Show this list, or put it away")),
            Shortcut("menu.close", ("Escape",), _("Close the menu that is open"), typing=True),
        ),
    ),
    (
        _("Beside the prompt"),
        (
            Shortcut("generate", ("Ctrl+Enter",), _("Generate"), typing=True),
            Shortcut("prompt", ("Alt+A",), _("Go to the prompt")),
            Shortcut("last", ("L",), _("Everything as last time, but for the words")),
        ),
    ),
    (
        _("While @ lists the pictures"),
        (
            Shortcut("mention.next", ("ArrowDown",), _("The next one"), typing=True),
            Shortcut("mention.previous", ("ArrowUp",), _("The one before"), typing=True),
            Shortcut("mention.choose", ("Enter", "Tab"), _("Take it"), typing=True),
            Shortcut("mention.close", ("Escape",), _("Close the list"), typing=True),
        ),
    ),
    (
        _("Beside a film"),
        (
            Shortcut("film.play", ("K",), _("Play or pause")),
            Shortcut("film.back", ("J",), _("One second back")),
            Shortcut("film.on", ("L",), _("One second on")),
            Shortcut("film.frame_back", (",",), _("One frame back")),
            Shortcut("film.frame_on", (".",), _("One frame on")),
        ),
    ),
)


def of(singles: bool) -> list[Group]:
    """The shortcuts of a person who wants single keys, or not (WCAG 2.1.4)."""
    groups = [(title, [one for one in group if singles or not one.single]) for title, group in ALL]
    return [group for group in groups if group[1]]
