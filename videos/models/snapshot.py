"""Reading several things as of one moment. Whatever counts, or proves that nothing is missing, asks
more than one question; money that moves in between would be found in two places, or in none."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps

from django.db import connection, transaction


@contextmanager
def snapshot() -> Iterator[None]:
    """Every query inside sees the database as of one moment, and none may write. Nobody waits for it,
    and it waits for nobody. Inside a transaction that is open already it changes nothing: whoever
    opened that one decides what it sees."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with _reading(), transaction.atomic():
            yield


@contextmanager
def _reading() -> Iterator[None]:
    """SQLite: our transactions begin by taking the only right to write (settings), which a reader
    neither needs nor may wait for. Deferred, it reads one state of the write-ahead log to its end."""
    connection.ensure_connection()
    usual, connection.transaction_mode = connection.transaction_mode, "DEFERRED"
    try:
        yield
    finally:
        connection.transaction_mode = usual


def of_one_moment(function: Callable) -> Callable:
    """``function`` with all its queries in one ``snapshot``. It must return what is read, not a
    queryset that is read later."""

    @wraps(function)
    def as_of_one_moment(*args, **kwargs):
        with snapshot():
            return function(*args, **kwargs)

    return as_of_one_moment
