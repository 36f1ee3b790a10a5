"""Small pieces of Markdown, and docstrings taken apart."""

import inspect
import re
from collections.abc import Iterable
from typing import Any


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> list[str]:
    """Lines of a table, with an empty line after it."""
    columns = list(head)
    return [_row(columns), _row(["---"] * len(columns)), *(_row(r) for r in rows), ""]


def _row(cells: Iterable[object]) -> str:
    return f"| {' | '.join(_cell(c) for c in cells)} |"


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")


def first_line(thing: Any) -> str:
    """First sentence of a docstring, joined to one line; a number or constant has none."""
    text = re.sub(r":\w+:`~?([^`]+)`", r"`\1`", inspect.getdoc(thing) or "").replace("``", "`")
    return " ".join(text.split("\n\n", maxsplit=1)[0].split())


def parameters(shape: type) -> dict[str, str]:
    """Meaning of each parameter by name, from the docstrings of a class and its bases."""
    found: dict[str, str] = {}
    for base in reversed(shape.__mro__):
        found |= _section(inspect.cleandoc(base.__doc__ or ""))
    return found


def _section(text: str) -> dict[str, str]:
    """Read the NumPy section called Parameters; ``a, b : type`` stands for both."""
    _, _, rest = text.partition("Parameters\n----------\n")
    meaning: dict[str, str] = {}
    names: list[str] = []
    for line in re.split(r"\n\n(?=\w+\n---)", rest, maxsplit=1)[0].splitlines():
        if line and not line.startswith(" "):
            names = [n.strip() for n in line.partition(":")[0].split(",")]
        for name in names if line.startswith(" ") else ():
            meaning[name] = f"{meaning.get(name, '')} {line.strip()}".strip()
    return meaning
