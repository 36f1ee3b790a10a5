"""What a ledger holds as the facts of an event: numbers, and days and answers as text."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from matcher.domain.answer import Answer
from matcher.domain.ledger import LEDGER_FIELDS

LedgerFact = int | str | None
"""A number, a day as ISO 8601, an answer as its word, or a text; None when not known."""
DAYS = ("decided_on", "answer_by")
ANSWERS = ("new_case",)


def ledger_to_facts(values: Mapping[str, Any]) -> dict[str, LedgerFact]:
    """Convert fields of a ledger to facts of an event, which are stored as JSON.

    Parameters
    ----------
    values : mapping
        Values by name, as in :class:`~matcher.domain.ledger.Ledger`.
    """
    return {name: _to_fact(value) for name, value in values.items()}


def ledger_from_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Convert the facts of an event that are fields of a ledger back to their values."""
    return {name: _from_fact(name, facts[name]) for name in LEDGER_FIELDS if name in facts}


def _to_fact(value: Any) -> LedgerFact:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Answer):
        return value.name.lower()
    fact: LedgerFact = value
    return fact


def _from_fact(name: str, fact: LedgerFact) -> Any:
    if name in DAYS and isinstance(fact, str):
        return date.fromisoformat(fact)
    if name in ANSWERS:
        return Answer[str(fact).upper()]
    return fact
