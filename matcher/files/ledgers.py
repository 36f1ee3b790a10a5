"""Check the ledgers: numbers that are missing or contradict each other, and clauses."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.domain.clauses import ClauseTopic, find_clause_topics
from matcher.files.faults import FaultLog, RowFacts, log_row_faults
from matcher.files.parsed_table import ParsedTable

CLAUSE_CODES = {
    ClauseTopic.NATIONALITY: "ledger.clause_nationality",
    ClauseTopic.FAMILY: "ledger.clause_family",
}


@dataclass(frozen=True, slots=True, eq=False)
class _Ledgers:
    """The numbers of the ledgers as columns, not-a-number where one is not known."""

    table: ParsedTable
    log: FaultLog

    def __getitem__(self, name: str) -> NDArray[np.float64]:
        if name not in self.table.columns:
            return np.full(len(self.table), np.nan)
        return self.table[name].to_floats()

    def is_empty(self, name: str) -> NDArray[np.bool_]:
        """Mark empty cells: neither what cannot be read nor a missing column has this fault."""
        column = self.table.raw.columns.get(name)
        if column is None:
            return np.zeros(len(self.table), dtype=np.bool_)
        return np.asarray(column.is_null().to_numpy(zero_copy_only=False), dtype=np.bool_)

    def report(
        self, code: str, where: NDArray[np.bool_], column: str, facts: RowFacts | None = None
    ) -> None:
        rows = np.flatnonzero(where)
        log_row_faults(self.log, self.table.raw, code, rows, column=column, facts=facts)

    def decided_fact(self, row: int) -> dict[str, str]:
        return {"decided": f"{self['decided'][row]:g}"}


def check_ledgers(table: ParsedTable, log: FaultLog, year: Mapping[str, str]) -> None:
    """Log ledgers with missing or contradictory numbers, and clauses that none may have.

    Parameters
    ----------
    table : ParsedTable
        The municipalities, or their ledgers of the next year, which lack some of the numbers.
    log : FaultLog
    year : mapping of str to str
        Facts that name the year of the ledgers.
    """
    ledgers = _Ledgers(table, log)
    _missing(ledgers, year)
    _used_above_decided(ledgers)
    decided = ledgers["decided"]
    too_many_minors = (ledgers["minors_decided"] > decided) & (decided >= 0)
    ledgers.report("ledger.minors", too_many_minors, "minors_decided")
    _received(ledgers)
    _clauses(ledgers)


def _missing(ledgers: _Ledgers, year: Mapping[str, str]) -> None:
    no_decision = ledgers.is_empty("decided") & ~(ledgers["requested"] == 0)
    ledgers.report("ledger.no_decision", no_decision, "decided", lambda _: dict(year))
    for name in ("settled", "promised"):
        missing = ledgers.is_empty(name) & (ledgers["decided"] > 0)
        ledgers.report("ledger.not_reported", missing, name, ledgers.decided_fact)


def _used_above_decided(ledgers: _Ledgers) -> None:
    """Log where more is used than decided; what is not reported can only add to it."""
    decided = ledgers["decided"]
    settled, promised = np.nan_to_num(ledgers["settled"]), np.nan_to_num(ledgers["promised"])
    used = settled + promised

    def facts(row: int) -> dict[str, str]:
        return {"used": f"{used[row]:g}", **ledgers.decided_fact(row)}

    over = (used > decided) & (decided >= 0)
    ledgers.report("ledger.over_decided", over & (settled > decided), "settled", facts)
    ledgers.report("ledger.over_decided", over & (settled <= decided), "promised", facts)


def _received(ledgers: _Ledgers) -> None:
    """Log where more persons can be received than places are open.

    Rows with fewer than 0 open places are skipped: ``ledger.over_decided`` reports them.
    """
    open_places = ledgers["decided"] - ledgers["settled"] - ledgers["promised"]

    def facts(row: int) -> dict[str, str]:
        return {"open": f"{open_places[row]:g}"}

    above = (ledgers["receive_now"] > open_places) & (open_places >= 0)
    ledgers.report("ledger.receive_now", above, "receive_now", facts)


def _clauses(ledgers: _Ledgers) -> None:
    clauses = ledgers.table["clauses"]
    topics = [find_clause_topics(text) for text in clauses.distinct]
    for topic in ClauseTopic:
        is_flagged = np.array([topic in named for named in topics] + [False], dtype=np.bool_)
        ledgers.report(CLAUSE_CODES[topic], is_flagged[clauses.codes], "clauses")
