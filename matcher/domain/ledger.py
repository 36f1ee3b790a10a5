"""The ledger of a municipality for one year: what was asked, decided, settled and promised.

Each number can be unknown. No decision recorded, decided zero, not asked and not reported are
different things; none of them ever counts as an open place.
"""

from dataclasses import dataclass, fields
from datetime import date
from enum import IntEnum

from matcher.domain.answer import Answer


class LedgerGap(IntEnum):
    """The number that is missing before open places can be counted."""

    NONE = 0
    NOT_ASKED = 1
    DECISION = 2
    SETTLED = 3
    PROMISED = 4


@dataclass(frozen=True, slots=True)
class Ledger:
    """Capacity in persons for one year: requested, decided and used so far.

    Unaccompanied minors are included in the persons and also counted separately. A number is None
    when it is not known; 0 is a number like any other.

    Parameters
    ----------
    requested, decided, settled, promised : int or None
        IMDi's request (anmodning), 0 when it did not ask; the council's decision (vedtak), settled
        (bosatt), and promised (lovet) but not yet settled.
    extra : int or None
        Persons that the council says it could take beyond its decision; 0 for none.
    minors_requested, minors_decided, minors_settled, minors_promised : int or None
        The same numbers for unaccompanied minors alone.
    receive_now : int or None
        Persons that the municipality can receive at present; None when it has not said.
    decided_on : date or None
        Day of the council's decision.
    decision_case : str or None
        The council's reference of the case.
    answer_by : date or None
        Day by which the council was asked to answer.
    new_case : Answer
        Whether the council wants a new case before it takes any more.
    clauses : str or None
        What the council's text says beside the number, as it is written. Never a rule.
    """

    requested: int | None = None
    decided: int | None = None
    settled: int | None = None
    promised: int | None = None
    extra: int | None = None
    minors_requested: int | None = None
    minors_decided: int | None = None
    minors_settled: int | None = None
    minors_promised: int | None = None
    receive_now: int | None = None
    decided_on: date | None = None
    decision_case: str | None = None
    answer_by: date | None = None
    new_case: Answer = Answer.UNKNOWN
    clauses: str | None = None

    @property
    def open(self) -> int | None:
        """Open places in persons, negative when more is promised than decided; None if unknown."""
        return _open_places(self.decided, self.settled, self.promised)

    @property
    def minors_open(self) -> int | None:
        """Open places for unaccompanied minors; None when a number is missing."""
        return _open_places(*self._minors)

    @property
    def gap(self) -> LedgerGap:
        """The number that is missing before open places can be counted."""
        return _find_gap(self.requested, self.decided, self.settled, self.promised)

    @property
    def minors_gap(self) -> LedgerGap:
        """The number that is missing before places for unaccompanied minors can be counted."""
        return _find_gap(self.minors_requested, *self._minors)

    @property
    def _minors(self) -> tuple[int | None, int | None, int | None]:
        return (
            _part(self.minors_decided, self.decided),
            _part(self.minors_settled, self.settled),
            _part(self.minors_promised, self.promised),
        )


def _part(minors: int | None, persons: int | None) -> int | None:
    """Return the minors among some persons: there are none when there is no person."""
    return 0 if minors is None and persons == 0 else minors


def _open_places(decided: int | None, settled: int | None, promised: int | None) -> int | None:
    if decided is None:
        return None
    if settled is None or promised is None:
        # Whatever the missing number is, nothing is open where nothing was decided.
        return 0 if decided == 0 else None
    return decided - settled - promised


def _find_gap(
    requested: int | None, decided: int | None, settled: int | None, promised: int | None
) -> LedgerGap:
    if decided is None:
        return LedgerGap.NOT_ASKED if requested == 0 else LedgerGap.DECISION
    if _open_places(decided, settled, promised) is not None:
        return LedgerGap.NONE
    return LedgerGap.SETTLED if settled is None else LedgerGap.PROMISED


NOTHING_KNOWN = Ledger()
"""The ledger of a municipality of which no number is known."""
LEDGER_FIELDS = tuple(f.name for f in fields(Ledger))
"""Names of everything that a ledger holds."""
LEDGER_NUMBERS = tuple(f.name for f in fields(Ledger) if f.type == int | None)
"""Names of the numbers of a ledger, in persons."""
