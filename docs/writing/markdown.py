"""Write Markdown tables, and read docstrings."""

import inspect
import re
from collections.abc import Iterable
from typing import Any


def format_table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> list[str]:
    """Write a table as lines, with an empty line after it."""
    columns = list(head)
    return [_row(columns), _row(["---"] * len(columns)), *(_row(r) for r in rows), ""]


def _row(cells: Iterable[object]) -> str:
    return f"| {' | '.join(_cell(c) for c in cells)} |"


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")


def first_sentence(thing: Any) -> str:
    """Return the first paragraph of a docstring as one line; empty where there is none."""
    text = re.sub(r":\w+:`~?([^`]+)`", r"`\1`", inspect.getdoc(thing) or "").replace("``", "`")
    return " ".join(text.split("\n\n", maxsplit=1)[0].split())


def read_parameters(documented_class: type) -> dict[str, str]:
    """Read the meaning of each parameter, by name, from the docstrings of a class and its bases."""
    meaning: dict[str, str] = {}
    for base in reversed(documented_class.__mro__):
        meaning |= _read_section(inspect.cleandoc(base.__doc__ or ""))
    return meaning


def _read_section(text: str) -> dict[str, str]:
    """Read the NumPy section called Parameters; ``a, b : type`` stands for both."""
    _, _, section = text.partition("Parameters\n----------\n")
    meaning: dict[str, str] = {}
    names: list[str] = []
    for line in re.split(r"\n\n(?=\w+\n---)", section, maxsplit=1)[0].splitlines():
        if line and not line.startswith(" "):
            names = [name.strip() for name in line.partition(":")[0].split(",")]
        for name in names if line.startswith(" ") else ():
            meaning[name] = f"{meaning.get(name, '')} {line.strip()}".strip()
    return meaning
