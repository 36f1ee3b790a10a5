"""The tables and columns of ``schema.toml``: what every other part of the store derives from."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict

KindName = Literal[
    "id", "text", "origin", "integer", "number", "probability", "date", "answer", "flag", "word",
    "municipality", "county", "occupation", "languages", "interpreters", "names", "bans",
    "wishes", "family", "counts", "jobs",
]  # fmt: skip
Language = Literal["en", "nb"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(_Frozen):
    """One column of a table.

    Parameters
    ----------
    kind : str
        How a cell is written; see :mod:`matcher.store.kinds`.
    required : bool
        The column must be there and no cell may be empty.
    gaps : bool
        A required column may have empty cells; such rows say nothing and are passed over.
    unique : bool
        No value may come twice.
    low, high : float or None
        Smallest and largest allowed value.
    words : str or None
        Name of the list of allowed words.
    points_to : str or None
        ``table.column`` where every value must be found.
    lenient : bool
        A value that is not found there is only a warning.
    en, nb : str
        What the column holds, in English and in Norwegian bokmål.
    """

    kind: KindName
    required: bool = False
    gaps: bool = False
    unique: bool = False
    low: float | None = None
    high: float | None = None
    words: str | None = None
    points_to: str | None = None
    lenient: bool = False
    en: str
    nb: str


class Table(_Frozen):
    """One table: one file of a folder or one sheet of a workbook.

    Parameters
    ----------
    required : bool
        An instance cannot do without it.
    other_columns : bool
        Columns that are not described may be there and are passed over in silence.
    columns : dict of Column by name
        In the order in which they are written.
    en, nb : str
        What the table holds, in English and in Norwegian bokmål.
    """

    required: bool
    other_columns: bool = False
    columns: Mapping[str, Column]
    en: str
    nb: str


class Text(_Frozen):
    """One sentence in English and in Norwegian bokmål."""

    en: str
    nb: str


class Schema(_Frozen):
    """Every table, how each kind of cell is written, and the allowed words with their aliases."""

    kinds: Mapping[KindName, Text]
    words: Mapping[str, Mapping[str, tuple[str, ...]]]
    tables: Mapping[str, Table]


@cache
def schema() -> Schema:
    """Give the one description of all tables."""
    text = files(__package__).joinpath("schema.toml").read_text(encoding="utf-8")
    return Schema.model_validate(tomllib.loads(text))


@cache
def word_list(name: str) -> Mapping[str, str]:
    """Give every accepted spelling, in lower case, with the word that it stands for."""
    listed = schema().words[name]
    return {
        spelling.casefold(): word for word, more in listed.items() for spelling in (word, *more)
    }
