"""What the sheet of shortcuts says and what the scripts do is the same."""

import re

from videos.accounts.shortcuts import ALL

from .sources import ROOT, files, shown

SCRIPTS = list(files("static/js", suffix=".js"))
DONE = re.compile(r'^  "([a-z_.]+)": \(', re.MULTILINE)


def listed() -> list[str]:
    return [shortcut.name for _title, group in ALL for shortcut in group]


def test_every_shortcut_is_done_by_one_script_and_every_deed_is_listed():
    hearing = [path.read_text() for path in SCRIPTS if '"studio:key"' in path.read_text()]
    assert sorted(name for text in hearing for name in DONE.findall(text)) == sorted(listed())


def test_one_script_alone_listens_to_keys():
    listening = [shown(path) for path in SCRIPTS if re.search(r'"key(?:down|up|press)"', path.read_text())]
    assert listening == [shown(ROOT / "static/js/keys.js")]


def test_a_place_has_each_key_once():
    for title, group in ALL:
        keys = [key for shortcut in group for key in shortcut.keys]
        assert len(keys) == len(set(keys)), title


def test_no_single_key_acts_while_somebody_types():
    assert not [one.name for _title, group in ALL for one in group if one.single and one.typing]
