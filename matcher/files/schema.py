"""The tables and columns of instances, from which the other modules derive theirs.

They are those of ``schema.toml``, and a column for each entry in the list of needs: of the need in
the table of members or households, of the service in the table of municipalities.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from matcher.domain.need_entry import Need, NeedText, insert_needs
from matcher.domain.needs import HOUSEHOLD_NEEDS, NEEDS, PERSON_NEEDS

KindName = Literal[
    "id", "text", "origin", "integer", "number", "probability", "date", "week", "answer", "flag",
    "word", "municipality", "county", "occupation", "languages", "interpreters", "names", "bans",
    "wishes", "family", "counts", "jobs",
]  # fmt: skip
FaultLanguage = Literal["en", "nb"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ColumnSchema(_Frozen):
    """One column of a table.

    Parameters
    ----------
    kind : str
        Kind of the cells; see :mod:`matcher.files.cell_kinds`.
    required : bool
        The file must have the column and no cell may be empty.
    gaps : bool
        A required column may have empty cells.
    unique : bool
        No value may occur twice.
    low, high : float or None
        Smallest and largest allowed value.
    words : str or None
        Name of the list of allowed words.
    points_to : str or None
        ``table.column`` that must hold every value of this column.
    lenient : bool
        A value that ``points_to`` does not hold is only a warning.
    headings : tuple of str
        Other names that the column often has. They are suggested when the column is missing, which
        is an error when one of them is there; they are never read.
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
    headings: tuple[str, ...] = ()
    en: str
    nb: str


class TableSchema(_Frozen):
    """One table: one file of a folder or one sheet of a workbook.

    Parameters
    ----------
    required : bool
        Every instance must have the table.
    other_columns : bool
        Further columns are allowed and ignored without a warning.
    columns : dict of ColumnSchema by name
        The columns in the order in which they are written.
    en, nb : str
        What the table holds, in English and in Norwegian bokmål.
    """

    required: bool
    other_columns: bool = False
    columns: Mapping[str, ColumnSchema]
    en: str
    nb: str


class KindDescription(_Frozen):
    """One sentence in English and in Norwegian bokmål."""

    en: str
    nb: str


class FilesSchema(_Frozen):
    """All tables, a description of each kind of cell, and the allowed words with aliases."""

    kinds: Mapping[KindName, KindDescription]
    words: Mapping[str, Mapping[str, tuple[str, ...]]]
    tables: Mapping[str, TableSchema]


@cache
def schema() -> FilesSchema:
    """Return the schema of all tables, read once."""
    text = files(__package__).joinpath("schema.toml").read_text(encoding="utf-8")
    content = tomllib.loads(text)
    tables = content["tables"]
    _add_needs(tables["members"], PERSON_NEEDS, _need_column, before="occupation")
    _add_needs(tables["households"], HOUSEHOLD_NEEDS, _need_column, before="upbringing")
    _add_needs(tables["municipalities"], NEEDS.values(), _service_column, before="minors_setup")
    return FilesSchema.model_validate(content)


def _add_needs(
    table: dict[str, Any],
    needs: Iterable[Need],
    column_of: Callable[[Need], dict[str, str]],
    before: str,
) -> None:
    table["columns"] = insert_needs(table["columns"], needs, column_of, before)


def _need_column(need: Need) -> dict[str, str]:
    return _answer_column(need.need)


def _service_column(need: Need) -> dict[str, str]:
    return _answer_column(need.service)


def _answer_column(text: NeedText) -> dict[str, str]:
    return {"kind": "answer", "en": text.en, "nb": text.nb}


@cache
def words_by_spelling(name: str) -> Mapping[str, str]:
    """Return the word of a list that each accepted spelling, in lower case, stands for."""
    aliases_of = schema().words[name]
    return {
        spelling.casefold(): word
        for word, aliases in aliases_of.items()
        for spelling in (word, *aliases)
    }
