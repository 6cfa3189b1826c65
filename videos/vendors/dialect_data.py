"""The table with which each vendor's file describes its answers; videos/vendors/dialect.py reads
answers by it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .contract import Kind
from .faults import BY_STATUS


@dataclass(frozen=True, slots=True)
class Dialect:
    """Where one vendor puts things in its answers, as dotted paths from the body's root, tried in
    order.

    ``result_paths`` are pairs of a documented path and the kind of result there ("" where only
    the file's name tells); ``roots`` are the subtrees that are searched when those hold nothing.
    ``ok`` are the body codes that mean success (empty: any code is an error). ``reasons`` say why
    a task failed, ``messages`` why a call did."""

    id_paths: tuple[str, ...]
    status_paths: tuple[str, ...]
    result_paths: tuple[tuple[str, str], ...]
    roots: tuple[str, ...]
    reasons: tuple[str, ...]
    ok: frozenset[str] = frozenset()
    codes: Mapping[str, Kind] = field(default_factory=dict)
    submit_statuses: Mapping[int, Kind] = field(default_factory=lambda: BY_STATUS)
    check_statuses: Mapping[int, Kind] = field(default_factory=lambda: BY_STATUS)
    code_at: tuple[str, ...] = ("error.code", "error_code", "code", "error", "message")
    messages: tuple[str, ...] = ("error.message", "message", "detail", "msg", "error")
    used: tuple[str, ...] = ()
    refunded: tuple[str, ...] = ()
    upstream: tuple[str, ...] = ()
    trace: tuple[str, ...] = ()  # for the vendor's support: in answers that went well and in errors
    progress: tuple[str, ...] = ("data.progress", "progress")
    verdicts: tuple[str, ...] = ()  # an error here is the task's end, even without a status word
    word_first: bool = False  # a known status word outranks an error beside it
    in_progress_paths: tuple[str, ...] = ()  # a record with this and no status word yet is still being made
