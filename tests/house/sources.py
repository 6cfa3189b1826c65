"""The project's own files, and what its modules import."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {
    ".git",
    ".venv",
    "var",
    ".pytest_cache",
    ".ruff_cache",
    ".hypothesis",
    "__pycache__",
    "test-results",
}


def files(*folders: str, suffix: str = ".py") -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob(f"*{suffix}")):
            if path.is_file() and not NOT_OURS & set(path.relative_to(ROOT).parts):
                yield path


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@dataclass(frozen=True, slots=True)
class Import:
    """``module`` imports ``target`` (absolute, with the imported name: ``videos.models.Job``)."""

    path: Path
    line: int
    target: str
    inside_function: bool

    def __str__(self) -> str:
        return f"{shown(self.path)}:{self.line} imports {self.target}"


@cache
def imports(path: Path) -> tuple[Import, ...]:
    tree = ast.parse(path.read_text())
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    return tuple(
        Import(path, node.lineno, target, id(node) in inside)
        for node in ast.walk(tree)
        for target in targets(node, path)
    )


def targets(node: ast.AST, path: Path) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    module = node.module or ""
    if node.level:
        package = path.relative_to(ROOT).parts[: -node.level]
        module = ".".join([*package, *([module] if module else [])])
    return [f"{module}.{alias.name}" for alias in node.names]
