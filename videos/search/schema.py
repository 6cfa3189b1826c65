"""Creates and drops the search index for prompts, per database.

SQLite: an FTS5 table of three-letter pieces, because its ordinary tokenizer takes a run
of Chinese for one word. It holds no text of its own and is kept in step by triggers, so
that every way of writing a row updates it. PostgreSQL: an index of the same pieces.

Django rebuilds a SQLite table when a column of it changes, and its triggers are gone
then: a migration that alters Prompt runs ``make`` again (tests/search looks)."""

TABLE = "prompt_search"

SQLITE = (
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {TABLE} "
    "USING fts5(text, content='videos_prompt', content_rowid='id', tokenize='trigram')",
    f"CREATE TRIGGER IF NOT EXISTS {TABLE}_added AFTER INSERT ON videos_prompt BEGIN "
    f"INSERT INTO {TABLE}(rowid, text) VALUES (new.id, new.text); END",
    f"CREATE TRIGGER IF NOT EXISTS {TABLE}_gone AFTER DELETE ON videos_prompt BEGIN "
    f"INSERT INTO {TABLE}({TABLE}, rowid, text) VALUES ('delete', old.id, old.text); END",
    f"CREATE TRIGGER IF NOT EXISTS {TABLE}_changed AFTER UPDATE OF text ON videos_prompt BEGIN "
    f"INSERT INTO {TABLE}({TABLE}, rowid, text) VALUES ('delete', old.id, old.text); "
    f"INSERT INTO {TABLE}(rowid, text) VALUES (new.id, new.text); END",
    f"INSERT INTO {TABLE}({TABLE}) VALUES ('rebuild')",
)
SQLITE_DROP = (
    f"DROP TRIGGER IF EXISTS {TABLE}_changed",
    f"DROP TRIGGER IF EXISTS {TABLE}_gone",
    f"DROP TRIGGER IF EXISTS {TABLE}_added",
    f"DROP TABLE IF EXISTS {TABLE}",
)
# pg_trgm is a trusted extension: the owner of a database may create it (PostgreSQL 13 and newer).
# UPPER, because that is what Django's icontains compares.
POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    f"CREATE INDEX IF NOT EXISTS {TABLE} ON videos_prompt USING gin (UPPER(text) gin_trgm_ops)",
)
POSTGRESQL_DROP = (f"DROP INDEX IF EXISTS {TABLE}",)


def make(apps, schema_editor) -> None:
    _run(schema_editor, sqlite=SQLITE, postgresql=POSTGRESQL)


def drop(apps, schema_editor) -> None:
    _run(schema_editor, sqlite=SQLITE_DROP, postgresql=POSTGRESQL_DROP)


def _run(schema_editor, **statements: tuple[str, ...]) -> None:
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement)
