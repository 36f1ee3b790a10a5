"""Write the reference page of the file formats from the schema and the fault texts.

``make reference`` updates the page.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from matcher.files.faults import fault_texts
from matcher.files.schema import ColumnSchema, FilesSchema, TableSchema, schema
from matcher.texts import load_texts


def reference_page() -> str:
    """Return the page as Markdown."""
    described = schema()
    parts = [
        str(load_texts("matcher.files", "reference.toml")["opening"]).rstrip(),
        *(_table(name, table) for name, table in described.tables.items()),
        _kinds(described),
        _words(described.words),
        _faults(fault_texts()),
    ]
    return "\n\n".join(parts) + "\n"


def _table(name: str, table: TableSchema) -> str:
    needed = "Required." if table.required else "May be left out."
    rows = [
        (f"`{column}`", described.kind, _limits(described), described.en, described.nb)
        for column, described in table.columns.items()
    ]
    head = ("Column", "Kind", "Rules", "What it holds", "Hva den inneholder")
    return f"## {name}\n\n{table.en} {needed}\n\n*{table.nb}*\n\n{_grid(head, rows)}"


def _limits(column: ColumnSchema) -> str:
    bounds = [None if bound is None else f"{bound:g}" for bound in (column.low, column.high)]
    rules = [
        "required" if column.required else "",
        "cells may be empty" if column.gaps else "",
        "unique" if column.unique else "",
        f"{bounds[0]} to {bounds[1]}" if bounds[0] is not None else "",
        f"words: [{column.words}](#{column.words})" if column.words else "",
        f"in `{column.points_to}`{' or a warning' * column.lenient}" if column.points_to else "",
    ]
    return ", ".join(filter(None, rules))


def _kinds(described: FilesSchema) -> str:
    rows = [(name, text.en, text.nb) for name, text in described.kinds.items()]
    return "## Kinds of cells\n\n" + _grid(("Kind", "How to write it", "Slik skrives den"), rows)


def _words(words: Mapping[str, Mapping[str, tuple[str, ...]]]) -> str:
    parts = ["## Words"]
    for name, spellings in words.items():
        rows = [(f"`{word}`", ", ".join(more)) for word, more in spellings.items()]
        parts.append(f"### {name}\n\n{_grid(('Word', 'Also accepted'), rows)}")
    return "\n\n".join(parts)


def _faults(texts: Mapping[str, Mapping[str, Any]]) -> str:
    rows = [
        (f"`{code}`", text["severity"], text["en"]["message"], text["nb"]["message"])
        for code, text in texts.items()
    ]
    return "## Faults\n\n" + _grid(("Code", "Severity", "What it says", "Hva den sier"), rows)


def _grid(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines
    )
