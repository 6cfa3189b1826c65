"""Reads the answers of every vendor, by the table of paths and codes that each vendor's file has.

A ``Dialect`` (dialect_data.py) says where a vendor puts things and what its codes mean; the
three readers below turn any bytes into a typed outcome and never raise.

What makes an answer to a paid request certain (``Refused`` from
``read_submit``: nothing was started) is deliberately narrow:

* the vendor's own error, as JSON, under a status with which it says no before
  acting, or inside a 200 under such a number or a code that its document lists;
  or a 429;
* and no server-side class anywhere, neither in HTTP nor in the body;
* and no task id beside the error in a 2xx or a 429: that task may exist.

An error that is empty (``{"code": "", "message": ""}``, ``"0"``, a code that says
"success") is no error: with a task id the answer counts as accepted, and later status
calls decide.

Everything else is ``Unreadable``: whether money was taken stays open.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from .contract import (
    Accepted,
    CheckOutcome,
    Finished,
    Hint,
    Kind,
    Refused,
    Reply,
    SubmitOutcome,
    Unreadable,
    Working,
)
from .dialect_data import Dialect
from .faults import REFUSING, UNSURE, guess_kind, kind_of_status, refine_kind
from .reading import (
    clean_text,
    code_text,
    first_value,
    page_text,
    percent,
    read_charge,
    says_no_error,
    task_id,
)
from .results import outputs
from .status_words import FINISHED, WORKING, family_of, sounds_like_content_check
from .strict_json import NotAnObject, read_object

State = Working | Finished | Refused | Unreadable
Tree = dict[str, object]


def read_submit(dialect: Dialect, reply: Reply) -> SubmitOutcome:
    """Reads the answer to a paid request; see the module's text."""
    tree = _parse_body(reply)
    if isinstance(tree, NotAnObject):
        return _unparsed_outcome(tree, reply, dialect.submit_statuses, sure_429=True)
    found = task_id(first_value(tree, dialect.id_paths))
    fault = _fault(dialect, reply, tree, dialect.submit_statuses)
    state = _state(dialect, tree, dialect.verdicts) if 200 <= reply.status < 300 else None
    if found and (fault is None or (dialect.word_first and _is_conclusive(state))):
        spent, beside = (
            read_charge(tree, dialect.used, dialect.refunded),
            "" if fault else _empty_errors(dialect, tree),
        )
        now = None if beside or isinstance(state, Unreadable) else state
        return Accepted(found, ticket(found), spent, now, beside)
    trace = _trace(dialect, tree)
    if fault is None:
        return Unreadable(Kind.PROTOCOL, _text_at(tree, dialect.messages), "no_task_id", trace_id=trace)
    if fault.sure and not (found and _task_may_exist(fault, reply)):
        return Refused(fault.kind, fault.said, fault.code, fault.retry_after, trace_id=trace)
    return Unreadable(fault.kind, fault.said, fault.code, fault.retry_after, found, trace)


def read_check(dialect: Dialect, reply: Reply) -> CheckOutcome:
    """Reads the answer to a status call. The call can be repeated at no cost, so only a status
    word concludes anything."""
    tree = _parse_body(reply)
    if isinstance(tree, NotAnObject):
        return _unparsed_outcome(tree, reply, dialect.check_statuses)
    fault = _fault(dialect, reply, tree, dialect.check_statuses)
    if 200 <= reply.status < 300:
        state = _state(dialect, tree, dialect.verdicts)
        if state is not None and (fault is None or _outranks(dialect, state)):
            return state
    if fault is not None:
        kind = fault.kind if fault.code else _without_vendor_code(fault.kind)
        return Unreadable(kind, fault.said, fault.code, fault.retry_after)
    return Unreadable(Kind.PROTOCOL, _text_at(tree, dialect.messages), "no_status")


def read_callback(dialect: Dialect, body: bytes) -> Hint | None:
    """Reads what a callback claims; None when it names no task. Callbacks are not signed."""
    tree = read_object(body)
    found = "" if isinstance(tree, NotAnObject) else task_id(first_value(tree, dialect.id_paths))
    if isinstance(tree, NotAnObject) or not found:
        return None
    state = _state(dialect, tree, (*dialect.verdicts, "error"))
    return Hint(
        found,
        ticket(found),
        state or Unreadable(Kind.PROTOCOL, _text_at(tree, dialect.messages), "no_status"),
    )


def ticket(found: str) -> Mapping[str, str]:
    return {"task_id": found}


def adopt(text: str) -> Mapping[str, str]:
    """Returns the ticket for a task id that a person pasted. Raises ValueError when it is none."""
    found = task_id(text.strip())
    if not found:
        raise ValueError("not a task id")
    return ticket(found)


# --- inside -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Fault:
    kind: Kind
    said: str
    code: str
    retry_after: str
    sure: bool


def _parse_body(reply: Reply) -> Tree | NotAnObject:
    return NotAnObject("redirect") if 300 <= reply.status < 400 else read_object(reply.body)


def _unparsed_outcome(
    why: NotAnObject, reply: Reply, table: Mapping[int, Kind], sure_429: bool = False
) -> Refused | Unreadable:
    """Returns the outcome of an answer that is no JSON object: a page, an empty body, a redirect.
    Only a 429 is a sure refusal: a gateway in front sends it before anything is acted on."""
    kind = kind_of_status(reply.status, table) or Kind.PROTOCOL
    words = clean_text(reply.headers.get("location")) if why.why == "redirect" else page_text(reply.body)
    if sure_429 and kind is Kind.RATE_LIMITED:
        return Refused(kind, words, why.why, _retry_after(reply))
    return Unreadable(_without_vendor_code(kind), words, why.why, _retry_after(reply))


def _without_vendor_code(kind: Kind) -> Kind:
    """Returns ``kind`` as far as an answer without the vendor's own code can be believed. "Not
    found" becomes PROTOCOL, since a gateway in front of the vendor sends 404s of its own."""
    return Kind.PROTOCOL if kind is Kind.NOT_FOUND else kind


def _fault(dialect: Dialect, reply: Reply, tree: Tree, table: Mapping[int, Kind]) -> _Fault | None:
    """Returns the error in the answer, or None when there is none. The body counts before the HTTP
    status: a code such as 402 counts even inside a 200."""
    if not _has_error(dialect, reply, tree):
        return None
    code, status = _code(dialect, tree), _effective_status(reply, tree)
    words = _text_at(tree, dialect.messages)
    listed = dialect.codes.get(code.casefold())
    kind = refine_kind(listed or kind_of_status(status, table), code, words)
    if status == 403 and not listed:  # the key, the account or the content: only the words tell
        kind = guess_kind(code, words) or kind
    refusing = all(level in REFUSING or 200 <= level < 300 for level in (reply.status, status))
    # Inside a 200 only what the document lists, or an HTTP class, says no: words alone are a guess.
    refusing = refusing and (status >= 300 or listed is not None)
    sure = kind is not None and kind not in UNSURE and refusing and bool(code or words or status == 429)
    if kind is Kind.RATE_LIMITED and reply.status < 300 and not listed:
        sure = False  # a refusal that leads to another try has to be one the document knows
    return _Fault(kind or Kind.PROTOCOL, words, code, _retry_after(reply), sure)


def _task_may_exist(fault: _Fault, reply: Reply) -> bool:
    """Returns whether the task whose id stands beside an error may have been started. In a 2xx it
    may; so it may with a 429, after which the request would be repeated."""
    return reply.status < 300 or fault.kind is Kind.RATE_LIMITED


def _text_at(tree: Tree, paths: tuple[str, ...]) -> str:
    """Returns the first text at any of the paths. It is the vendor's and untrusted."""
    return next(filter(None, (clean_text(first_value(tree, (path,))) for path in paths)), "")


def _has_error(dialect: Dialect, reply: Reply, tree: Tree) -> bool:
    return (
        not 200 <= reply.status < 300
        or tree.get("success") is False
        or not says_no_error(tree.get("error"))
        or not says_no_error(tree.get("error_code"))
        or not _is_success_code(dialect, tree)
    )


def _is_success_code(dialect: Dialect, tree: Tree) -> bool:
    """Returns whether the code is this vendor's own for success, or one that means success everywhere."""
    code = code_text(tree.get("code"))
    return code in dialect.ok or says_no_error(code)


def _empty_errors(dialect: Dialect, tree: Tree) -> str:
    """Returns the empty error fields of an answer that has no error, as text for the vendor's support."""
    code = code_text(tree.get("code"))
    found = {name: tree[name] for name in ("error", "error_code") if tree.get(name)}
    found |= {"code": code} if code and code not in dialect.ok else {}
    return clean_text(json.dumps(found, default=str, ensure_ascii=False), 200) if found else ""


def _code(dialect: Dialect, tree: Tree) -> str:
    """Returns the vendor's own error code: one that its document lists, at any of the paths; else
    the first value where a code belongs."""
    found = [code_text(first_value(tree, (path,))) for path in dialect.code_at]
    listed = (code for code in found if code.casefold() in dialect.codes)
    return next(listed, "") or next(filter(None, found[:3]), "")


def _effective_status(reply: Reply, tree: Tree) -> int:
    """Returns the body's code where it is an HTTP error status, even inside a 200; else the status."""
    code = code_text(first_value(tree, ("code", "error.code", "error_code")))
    is_class = code.isascii() and code.isdigit() and 400 <= int(code) < 600
    return int(code) if is_class else reply.status


def _is_conclusive(state: State | None) -> bool:
    return isinstance(state, (Finished, Refused)) or (
        isinstance(state, Working) and state.known and state.word != ""
    )


def _outranks(dialect: Dialect, state: State) -> bool:
    """Returns whether ``state`` counts although the answer has an error. A failure does, since a
    vendor may wrap a failed task in an error; any other word only where the vendor's own texts
    say that the status word counts (``word_first``)."""
    return isinstance(state, Refused) or (dialect.word_first and _is_conclusive(state))


def _state(dialect: Dialect, tree: Tree, ends: tuple[str, ...]) -> State | None:
    """Returns the state of the task by its status word; None when the answer has none."""
    word = clean_text(first_value(tree, dialect.status_paths), 64)
    kin = family_of(word) if word else None
    if isinstance(kin, Kind):
        return _failure(dialect, tree, kin, dialect.reasons, word)
    if kin == FINISHED:
        return _finished(dialect, tree)
    if word:
        checked = kin is None and sounds_like_content_check(word)
        return Working(percent(first_value(tree, dialect.progress)), word, kin == WORKING, checked)
    if not all(says_no_error(first_value(tree, (path,))) for path in ends):
        return _failure(dialect, tree, Kind.FAILED, ends)
    return Working() if first_value(tree, dialect.in_progress_paths) is not None else None


def _finished(dialect: Dialect, tree: Tree) -> Finished | Unreadable:
    made = outputs(tree, dialect.result_paths, dialect.roots)
    if not made:
        return Unreadable(Kind.NO_OUTPUT, "", "no_output")
    spent = read_charge(tree, dialect.used, dialect.refunded)
    upstream = clean_text(first_value(tree, dialect.upstream), 200)
    return Finished(made, spent, upstream, _trace(dialect, tree))


def _failure(dialect: Dialect, tree: Tree, kin: Kind, reasons: tuple[str, ...], word: str = "") -> Refused:
    told = [value for value in (first_value(tree, (path,)) for path in reasons) if not says_no_error(value)]
    words = next(filter(None, map(clean_text, told)), "")
    code = next(filter(None, (code_text(first_value(value, ("code",))) for value in told)), "")
    known = dialect.codes.get(code.casefold())
    kind = known if known and known not in UNSURE else None
    if kin is Kind.FAILED:
        kin = kind or guess_kind(code, words) or (Kind.MODERATION if sounds_like_content_check(word) else kin)
        words = words or (word if sounds_like_content_check(word) else "")  # the only reason that is given
    spent = read_charge(tree, dialect.used, dialect.refunded)
    return Refused(kin, words, code, charge=spent, trace_id=_trace(dialect, tree))


def _trace(dialect: Dialect, tree: Tree) -> str:
    return task_id(first_value(tree, dialect.trace))


def _retry_after(reply: Reply) -> str:
    return clean_text(reply.headers.get("retry-after"), 64)
