"""Runs Django's commands and ours for manage.py. Where there is no studio to work on, it prints one
sentence and creates nothing."""

import sys

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import DatabaseError, InterfaceError

from studio import data_folder, database_state

CONFIGURED_WRONG = 78  # EX_CONFIG of sysexits.h: trying again will not help
NOT_NOW = 75  # EX_TEMPFAIL: the database does not answer or write; trying again may help


def main(words: list[str]) -> int:
    """Runs ``words`` (sys.argv); returns the exit code. A command that calls sys.exit exits here."""
    asks_for_help = {"-h", "--help"} & set(words[1:])
    data_folder.command = words[1] if len(words) > 1 and not asks_for_help else "help"
    try:
        if data_folder.command not in data_folder.NEEDS_NO_STUDIO:
            django.setup()
            database_state.check(data_folder.command)
        execute_from_command_line(words)
    except ImproperlyConfigured as error:
        print(f"{error}", file=sys.stderr)
        return CONFIGURED_WRONG
    except (DatabaseError, InterfaceError) as error:
        said = str(error).strip().splitlines() or [type(error).__name__]
        print(f"The database does not do what was asked of it: {said[0]}", file=sys.stderr)
        return NOT_NOW
    return 0
