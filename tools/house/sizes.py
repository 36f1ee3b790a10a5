"""Sizes of files and functions, and lines that are kept from being formatted."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 40
UNFORMATTED = "# fmt: " + "skip"


def long_files(paths: Iterable[Path]) -> list[str]:
    """List files with more than 300 lines."""
    counted = ((path, len(_read(path).splitlines())) for path in paths)
    return [f"{path} ({lines})" for path, lines in counted if lines > MAX_FILE_LINES]


def long_functions(paths: Iterable[Path]) -> list[str]:
    """List functions of more than 40 lines, docstrings left out."""
    return [place for path in paths for place in _long_functions(path)]


def _long_functions(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(_read(path))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - _first_line(node) + 1
            if lines > MAX_FUNCTION_LINES:
                yield f"{path}:{node.lineno} {node.name} ({lines})"


def _first_line(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    documented = ast.get_docstring(node) is not None and len(node.body) > 1
    return node.body[1 if documented else 0].lineno


def unformatted_lines(paths: Iterable[Path]) -> int:
    """Count the lines that the formatter is told to leave alone."""
    return sum(_read(path).count(UNFORMATTED) for path in paths)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
