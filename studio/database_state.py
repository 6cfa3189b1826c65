"""Checks whether a command of this version can work with the database and the secrets at hand."""

import pkgutil
from pathlib import Path

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management import get_commands
from django.db import connection

from studio.data_folder import MAY_BEGIN, NEEDS_NO_STUDIO
from videos import vault

NEEDS_SECRETS = frozenset(
    {"addkey", "bringin", "generate"}
)  # these encrypt or decrypt vendor keys as soon as they run
TABLE = "django_migrations"  # MigrationRecorder's own
LOOKED_AT = 5  # of the newest keys: a single row may be damaged for another reason


def check(command: str) -> None:
    """Raises ImproperlyConfigured where ``command`` cannot do its work here, and the database's own
    error where it does not answer. Creates nothing, not even an empty database."""
    if command in NEEDS_NO_STUDIO or (command not in MAY_BEGIN and get_commands().get(command) != "videos"):
        return
    if sentence := _database_problem(begins=command in MAY_BEGIN):
        raise ImproperlyConfigured(sentence)
    if command in NEEDS_SECRETS and (sentence := secrets_problem()):
        raise ImproperlyConfigured(sentence)


def _database_problem(*, begins: bool) -> str:
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and not Path(name).exists():
        return "" if begins else f"There is no database at {name} yet: manage.py migrate makes one."
    tables = set(connection.introspection.table_names())
    if not tables:
        return "" if begins else f"The database {name} is empty: manage.py migrate fills it."
    applied = _applied() if TABLE in tables else set()
    ours = {migration for migration in applied if migration[0] == "videos"}
    if not ours:
        return f"The database {name} is another program's: it has tables, and none of a studio."
    known = _known()
    if newer := sorted(ours - known):
        return f"The database {name} is of a newer version of the studio, which has {newer[-1][1]}. Update the studio first."
    if not begins and (older := sorted(known - applied)):
        return f"The database {name} is of an older version (it lacks {'.'.join(older[0])}): stop, back up, manage.py migrate."
    return ""


def _applied() -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT app, name FROM {TABLE}")
        return set(cursor.fetchall())


def _known() -> set[tuple[str, str]]:
    """Returns every migration of every installed application, by the names of their files."""
    return {
        (config.label, module.name)
        for config in apps.get_app_configs()
        for module in pkgutil.iter_modules([str(Path(config.path) / "migrations")])
        if module.name[0] not in "_~"
    }


def secrets_problem() -> str:
    """Returns a sentence where the stored keys cannot be decrypted with the secrets at hand; empty where
    they can, or where there are none."""
    keys = apps.get_model("videos", "VendorKey").objects.exclude(sealed=b"").order_by("-pk")[:LOOKED_AT]
    opened = {}
    for key in keys:
        try:
            opened[key] = vault.open_key(key)
        except vault.KeyUnreadable:
            continue
    if keys and not opened:
        return "FIELD_ENCRYPTION_KEYS are not those that this studio's keys were sealed with: set the right ones."
    accounts = [
        vault.account_of(key.vendor, value, rehearsal=key.rehearsal) == key.account
        for key, value in opened.items()
    ]
    if accounts and not any(accounts):
        return "STUDIO_ACCOUNT_PEPPER is not the one that this studio began with: set the right one."
    return ""
