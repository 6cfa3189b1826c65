"""Finds the addresses of what a vendor made in its answer.

The documented path comes first; if nothing is there, the result is searched for
anything that is an http(s) address, because the same vendor answers in several
shapes (docs/vendors/acedata.md, row 2-3). A cover beside a film is no output.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from .contract import Found
from .reading import first_value, result_link, values_at, web_address

MAX_OUTPUTS = 16
_STILLS = (".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif")
_FILMS = (".mp4", ".m4v", ".mov", ".webm", ".mkv")
_NOT_RESULTS = ("request", "input", "callback", "webhook", "cover", "thumb", "poster", "preview", "logo")


def outputs(tree: object, places: tuple[tuple[str, str], ...], roots: tuple[str, ...]) -> tuple[Found, ...]:
    """Returns every output. ``places`` are pairs of a documented path and a kind ('': the file's
    name tells), ``roots`` the subtrees to search when those are empty."""
    found: list[Found] = []
    for path, kind in places:
        found = [
            Found(kind or _kind_of("", url), url) for url in map(result_link, values_at(tree, path)) if url
        ]
        if found:
            break
    walked = [item for root in roots for item in _walk(subtree(tree, root), "")]
    found += [item for item in walked if not found or item.kind == "last_frame"]
    return _without_covers(found)


def subtree(tree: object, path: str) -> object:
    """Returns the subtree at a path, a list kept whole."""
    head, _, last = path.rpartition(".")
    parent = first_value(tree, (head,)) if head else tree
    return parent.get(last) if isinstance(parent, dict) else None


def _walk(node: object, name: str) -> Iterator[Found]:
    if isinstance(node, dict):
        for key, value in node.items():
            folded = key.casefold().replace("_", "").replace("-", "")
            if not folded.startswith(_NOT_RESULTS):
                yield from _walk(value, folded if _says_kind(folded) else name)
    elif isinstance(node, list):
        for value in node:
            yield from _walk(value, name)
    elif url := web_address(node) or _link_to_file(node):
        yield Found(_kind_of(name, url), url)


def _link_to_file(node: object) -> str:
    """Returns a link with blanks in it at an undocumented path, or ``''``. A sentence may begin like
    a link, so the path has to end as the name of a film or a picture does."""
    url = result_link(node)
    return url if url.partition("?")[0].casefold().endswith(_STILLS + _FILMS) else ""


def _says_kind(name: str) -> bool:
    return any(word in name for word in ("lastframe", "video", "image"))


def _kind_of(name: str, url: str) -> str:
    if "lastframe" in name:
        return "last_frame"
    if "video" in name:
        return "video"
    if "image" in name or urlsplit(url).path.casefold().endswith(_STILLS):
        return "still"
    return "video"


def _without_covers(found: list[Found]) -> tuple[Found, ...]:
    seen = {item.url: item for item in reversed(found)}
    kept = [item for item in found if seen.pop(item.url, None) is not None]
    if any(item.kind == "video" for item in kept):
        kept = [item for item in kept if item.kind != "still"]
    if all(item.kind == "last_frame" for item in kept):
        return ()  # a last frame without its film is no result
    return tuple(kept[:MAX_OUTPUTS])
