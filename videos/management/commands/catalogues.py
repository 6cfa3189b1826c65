"""Compiles the translations without the gettext programs, which a fresh machine may lack."""

from collections.abc import Iterator
from pathlib import Path

import polib
from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils.translation import to_locale


class Command(BaseCommand):
    help = "Compile the message catalogues that changed (.po to .mo). --check: name what is not translated."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="fail on a missing, fuzzy or dead entry")

    def handle(self, *, check, **options):
        folders = map(Path, settings.LOCALE_PATHS)
        sources = [source for folder in folders for source in sorted(folder.rglob("*.po"))]
        for source in sources:
            compiled = source.with_suffix(".mo")
            if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
                polib.pofile(str(source)).save_as_mofile(str(compiled))
                compiled.chmod(0o644)  # beside the code, which other users may run
        if check:
            complaints = [
                *languages_without(sources),
                *(line for source in sources for line in unfinished(source)),
            ]
            if complaints:
                raise CommandError("\n".join(["The catalogues are not finished:", *complaints]))


def languages_without(sources: list[Path]) -> Iterator[str]:
    present = {source.parts[-3] for source in sources}
    for language, _name in settings.LANGUAGES:
        if language != settings.LANGUAGE_CODE and to_locale(language) not in present:
            yield f"{language}: no catalogue; `make messages` begins one"


def unfinished(source: Path) -> Iterator[str]:
    """One line for each entry that a reader of this language would see in English, or wrongly."""
    catalogue = polib.pofile(str(source))
    language = source.parts[-3]
    for reason, entries in (
        ("missing", catalogue.untranslated_entries()),
        ("fuzzy", catalogue.fuzzy_entries()),
        ("no longer used", catalogue.obsolete_entries()),
    ):
        for entry in entries:
            yield f"{language}, line {entry.linenum}, {reason}: {entry.msgid}"
