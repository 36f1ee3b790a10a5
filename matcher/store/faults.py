"""What is wrong in the files, told so that the person who keeps them can put it right."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from matcher.store.errors import StoreError
from matcher.store.schema import Language
from matcher.store.texts import fault_text

Severity = Literal["error", "warning"]
KEPT = 1000
"""Faults kept for each file, column and code; the rest are counted."""
SHOWN = 20
"""Faults that an exception's text shows."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, or looks wrong, in one place.

    Parameters
    ----------
    file : str
        File name, or the table's name when it came from a data frame.
    row : int or None
        As a person sees it in the file: the header is row 1. None for the file as a whole.
    column : str or None
        Column name; None for the row as a whole.
    value : str
        What the cell holds, as text.
    code : str
        What kind of fault, ``word.misspelt``; see ``texts.toml``.
    severity : str
        ``error``: the files cannot be used; ``warning``: they can, but someone should look.
    facts : mapping of str to str
        What the sentences mention besides.
    """

    file: str
    row: int | None
    column: str | None
    value: str
    code: str
    severity: Severity
    facts: Mapping[str, str] = field(default_factory=dict, hash=False)

    def message(self, language: Language = "en") -> str:
        """Say in one sentence what is wrong, in ``en`` or ``nb``."""
        return self._render("message", language)

    def advice(self, language: Language = "en") -> str:
        """Say in one sentence what to do about it, in ``en`` or ``nb``."""
        return self._render("advice", language)

    def where(self, language: Language = "en") -> str:
        """Say where it is: file, row, column."""
        row, column = {"en": ("row", "column"), "nb": ("rad", "kolonne")}[language]
        parts = [self.file]
        parts += [] if self.row is None else [f"{row} {self.row}"]
        parts += [] if self.column is None else [f"{column} {self.column}"]
        return ", ".join(parts)

    def __str__(self) -> str:
        """Where, what and what to do, in English."""
        return f"{self.where()}: {self.message()} {self.advice()}"

    def _render(self, part: Literal["message", "advice"], language: Language) -> str:
        known = {"value": self.value, "column": self.column or "", "file": self.file}
        return fault_text(self.code, part, language).format_map({**known, **self.facts})


class FaultsError(StoreError, ValueError):
    """The files have faults; ``faults`` holds all of them, warnings included."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        errors = [f for f in self.faults if f.severity == "error"]
        lines = [str(f) for f in errors[:SHOWN]]
        if len(errors) > SHOWN:
            lines.append(f"... and {len(errors) - SHOWN} more")
        super().__init__("\n".join([f"{len(errors)} fault(s) in the files", *lines]))


class FaultLog:
    """Collects faults: at most ``KEPT`` for each file, column and code, the rest as a number."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str | None, str], list[Fault]] = {}
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
        """Add one fault, or count it when enough of its kind are kept."""
        kept = self._kept.setdefault((file, column, code), [])
        if len(kept) >= KEPT:
            self.leave_out(file, column, code, 1)
            return
        shown = value if len(value) <= 80 else value[:79] + "…"
        kept.append(Fault(file, row, column, shown, code, severity_of(code), facts))

    def leave_out(self, file: str, column: str | None, code: str, count: int) -> None:
        """Count faults that are not kept one by one."""
        self._left_out[file, column, code] += count

    def faults(self) -> list[Fault]:
        """Give every fault, by file, row and column, with a summary where some are left out."""
        found = [fault for kept in self._kept.values() for fault in kept]
        found.sort(key=lambda f: (f.file, f.row or 0, f.column or "", f.code))
        return found + [
            Fault(file, None, column, "", "more", severity_of(code), {"count": str(n), "of": code})
            for (file, column, code), n in sorted(self._left_out.items(), key=str)
            if n
        ]


def severity_of(code: str) -> Severity:
    """Give the severity of a kind of fault."""
    return "warning" if fault_text(code, "severity") == "warning" else "error"


def has_errors(faults: Iterable[Fault]) -> bool:
    """Tell whether any fault keeps the files from being used."""
    return any(f.severity == "error" for f in faults)
