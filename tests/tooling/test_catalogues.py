"""Catalogues compile without gettext, and nothing in them is half done."""

import gettext
import os
import shutil
import subprocess
from pathlib import Path

import polib
import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parents[2]
GERMAN = """
msgid ""
msgstr ""
"Language: de\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "%(n)s clip"
msgid_plural "%(n)s clips"
msgstr[0] "%(n)s Film"
msgstr[1] "%(n)s Filme"

msgctxt "size"
msgid "Large"
msgstr "Groß"
"""


@pytest.fixture
def german(tmp_path, settings):
    settings.LOCALE_PATHS = [tmp_path]
    settings.LANGUAGES = [("en", "English"), ("de", "German")]
    source = tmp_path / "de/LC_MESSAGES/django.po"
    source.parent.mkdir(parents=True)
    source.write_text(GERMAN, encoding="utf-8")
    return source


def test_python_reads_what_was_compiled(german):
    call_command("catalogues")
    with german.with_suffix(".mo").open("rb") as compiled:
        read = gettext.GNUTranslations(compiled)
    assert read.ngettext("%(n)s clip", "%(n)s clips", 3) == "%(n)s Filme"
    assert read.pgettext("size", "Large") == "Groß"


def test_only_what_changed_is_compiled(german):
    call_command("catalogues")
    compiled = german.with_suffix(".mo")
    os.utime(german, (1, 1))
    os.utime(compiled, (2, 2))
    call_command("catalogues")
    assert compiled.stat().st_mtime == 2
    os.utime(german, (3, 3))
    call_command("catalogues")
    assert compiled.stat().st_mtime > 3


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ('msgid "New"\nmsgstr ""\n', "missing: New"),
        ('#, fuzzy\nmsgid "Old"\nmsgstr "Alt"\n', "fuzzy: Old"),
        ('#~ msgid "Gone"\n#~ msgstr "Weg"\n', "no longer used: Gone"),
    ],
)
def test_what_is_not_finished_is_named(german, entry, reason):
    call_command("catalogues", "--check")
    german.write_text(f"{GERMAN}\n{entry}", encoding="utf-8")
    with pytest.raises(CommandError, match=reason):
        call_command("catalogues", "--check")


def test_a_language_without_a_catalogue_is_named(german, settings):
    settings.LANGUAGES = [*settings.LANGUAGES, ("zh-hans", "Simplified Chinese")]
    with pytest.raises(CommandError, match="zh-hans: no catalogue"):
        call_command("catalogues", "--check")


def test_every_sentence_of_the_code_is_in_the_catalogues(tmp_path):
    """``make messages`` on a copy finds nothing that the committed catalogues do not have."""
    for name in ("studio", "videos", "templates", "static", "locale", "requirements"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    for name in ("manage.py", "Makefile", "pyproject.toml"):
        shutil.copy2(ROOT / name, tmp_path)
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    plain = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(["make", "messages"], cwd=tmp_path, env=plain, check=True, capture_output=True)
    sentences = {}
    for root in (ROOT, tmp_path):
        sentences[root] = {
            (source.relative_to(root).as_posix(), entry.msgctxt, entry.msgid, entry.fuzzy)
            for source in (root / "locale").rglob("*.po")
            for entry in polib.pofile(str(source))
        }
    assert sentences[tmp_path] - sentences[ROOT] == set()
    assert sentences[ROOT] - sentences[tmp_path] == set()
