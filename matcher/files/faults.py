"""Faults in the files, described so that the person who maintains the files can correct them."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from matcher.files.errors import FilesError
from matcher.files.schema import FaultLanguage
from matcher.texts import load_texts

if TYPE_CHECKING:
    # Loads pyarrow, which the service does without.
    from matcher.files.raw_table import RawTable

Severity = Literal["error", "warning"]
MAX_FAULTS_PER_CODE = 1000
"""Faults stored for each file, column and code; further ones are only counted."""
SHOWN_ERRORS = 20
"""Errors that the text of a :class:`FaultsError` lists."""
RowFacts = Mapping[str, str] | Callable[[int], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Fault:
    """One error or doubtful value in one place of the files.

    Parameters
    ----------
    file : str
        File name, or the name of the table when the table came from a data frame.
    row : int or None
        Row number that a person sees in the file: the header is row 1. None for the whole file.
    column : str or None
        Column name; None for the whole row.
    value : str
        Content of the cell, as text.
    code : str
        Kind of fault, such as ``word.misspelt``; see ``texts.toml``.
    severity : str
        ``error``: the files cannot be used; ``warning``: a person should check them.
    facts : mapping of str to str
        Further values that the sentences mention; ``reason.en`` and ``reason.nb`` are one that is
        a sentence itself.
    """

    file: str
    row: int | None
    column: str | None
    value: str
    code: str
    severity: Severity
    facts: Mapping[str, str] = field(default_factory=dict, hash=False)

    def message(self, language: FaultLanguage = "en") -> str:
        """Return a sentence that says what is wrong, in ``en`` or ``nb``."""
        return self._render("message", language)

    def advice(self, language: FaultLanguage = "en") -> str:
        """Return a sentence that says how to correct the fault, in ``en`` or ``nb``."""
        return self._render("advice", language)

    def where(self, language: FaultLanguage = "en") -> str:
        """Return the location of the fault: file, row, column."""
        row, column = {"en": ("row", "column"), "nb": ("rad", "kolonne")}[language]
        parts = [self.file]
        parts += [] if self.row is None else [f"{row} {self.row}"]
        parts += [] if self.column is None else [f"{column} {self.column}"]
        return ", ".join(parts)

    def __str__(self) -> str:
        """Return location, message and advice in English."""
        return f"{self.where()}: {self.message()} {self.advice()}"

    def _render(self, part: Literal["message", "advice"], language: FaultLanguage) -> str:
        place = {"column": self.column or "", "file": self.file}
        known = {**place, "value": self.value, **facts_in(language, self.facts)}
        return fault_text(self.code, part, language).format_map(known)


class FaultsError(FilesError, ValueError):
    """The files have faults; ``faults`` holds all of them, warnings included."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        errors = [f for f in self.faults if f.severity == "error"]
        lines = [str(f) for f in errors[:SHOWN_ERRORS]]
        if len(errors) > SHOWN_ERRORS:
            lines.append(f"... and {len(errors) - SHOWN_ERRORS} more")
        super().__init__("\n".join([f"{len(errors)} fault(s) in the files", *lines]))


class FaultLog:
    """Collects faults: so many per file, column and code as the limit says; counts the others."""

    def __init__(self) -> None:
        self._stored: dict[tuple[str, str | None, str], list[Fault]] = {}
        self._left_out: Counter[tuple[str, str | None, str]] = Counter()

    def add(
        self,
        file: str,
        code: str,
        *,
        row: int | None = None,
        column: str | None = None,
        value: str = "",
        **facts: str,
    ) -> None:
        """Store one fault, or only count it when enough of the same kind are stored."""
        same_kind = self._stored.setdefault((file, column, code), [])
        if len(same_kind) >= MAX_FAULTS_PER_CODE:
            self.count_omitted(file, column, code, 1)
            return
        short_value = value if len(value) <= 80 else value[:79] + "…"
        same_kind.append(Fault(file, row, column, short_value, code, severity_of(code), facts))

    def count_omitted(self, file: str, column: str | None, code: str, count: int) -> None:
        """Count faults without storing them one by one."""
        self._left_out[file, column, code] += count

    def faults(self) -> list[Fault]:
        """Return the stored faults by file, row and column, then those only counted."""
        faults = [fault for same_kind in self._stored.values() for fault in same_kind]
        faults.sort(key=lambda f: (f.file, f.row or 0, f.column or "", f.code))
        return faults + [
            Fault(file, None, column, "", "more", severity_of(code), {"count": str(n), "of": code})
            for (file, column, code), n in sorted(self._left_out.items(), key=str)
            if n
        ]


def facts_in(language: str, facts: Mapping[str, str]) -> Mapping[str, str]:
    """Return facts by the names that texts use: one that is a sentence is given in each language.

    Parameters
    ----------
    language : str
        ``en`` or ``nb``.
    facts : mapping of str to str
        Such as ``reason.en`` and ``reason.nb``.
    """
    return {name.removesuffix(f".{language}"): fact for name, fact in facts.items()}


def severity_of(code: str) -> Severity:
    """Return the severity of a kind of fault."""
    return "warning" if fault_text(code, "severity") == "warning" else "error"


def has_errors(faults: Iterable[Fault]) -> bool:
    """Return whether any fault is an error, so that the files cannot be used."""
    return any(f.severity == "error" for f in faults)


@cache
def fault_texts() -> Mapping[str, Any]:
    """Return all texts by code: ``severity``, and ``message`` and ``advice`` in each language."""
    contradictions = load_texts("matcher.domain", "contradictions.toml")
    return {**load_texts("matcher.files"), **contradictions}


def fault_text(code: str, part: str, language: str | None = None) -> str:
    """Return one text of one kind of fault.

    Raises
    ------
    KeyError
        When there is no such kind of fault.
    """
    entry = fault_texts()[code]
    return str(entry[part] if language is None else entry[language][part])


def log_row_faults(
    log: FaultLog,
    raw: "RawTable",
    code: str,
    rows: NDArray[np.integer[Any]],
    *,
    column: str | None = None,
    facts: RowFacts | None = None,
) -> None:
    """Log the same fault for several rows; rows after ``MAX_FAULTS_PER_CODE`` are counted.

    Parameters
    ----------
    log, raw, code
        Log to write to, table that has the fault, and code of the fault.
    rows : array of int
        Row indices in the table, from 0, ascending.
    column : str or None
        Column of the cells; None for whole rows.
    facts : mapping, or callable from row index to mapping
        Values that the sentences about the fault mention.
    """
    for row in rows[:MAX_FAULTS_PER_CODE].tolist():
        row_facts = facts(row) if callable(facts) else facts or {}
        value = raw.text(column, row) if column else ""
        log.add(raw.file, code, row=int(raw.rows[row]), column=column, value=value, **row_facts)
    log.count_omitted(raw.file, column, code, max(0, len(rows) - MAX_FAULTS_PER_CODE))
