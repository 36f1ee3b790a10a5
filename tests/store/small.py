"""A small queue, and changes by one person at noon."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from matcher.domain import Answer, Dwelling, Household, Instance, Municipality, Person
from matcher.store import Event, Stamp, Store, import_instance, promise, propose
from tests.ledgers import known

DAY = date(2024, 4, 15)
NOON = datetime(2024, 4, 15, 12, tzinfo=UTC)
BY = Stamp(NOON, "Caseworker 7", "as agreed")


def later(days: int) -> Stamp:
    """The same person some days later."""
    return replace(BY, at=NOON + timedelta(days=days))


def household(name: str, persons: int = 1, minors: int = 0) -> Household:
    """A household; the first ``minors`` members are unaccompanied."""
    members = tuple(Person(f"{name}/{k}", unaccompanied=k < minors) for k in range(persons))
    return Household(name, date(2024, 1, 1), members)


def municipality(number: str = "0301", homes: int = 0, **ledger: Any) -> Municipality:
    """A municipality with a ledger."""
    return Municipality(
        number,
        f"Place {number}",
        ledger=known(**ledger),
        reports_dwellings=Answer.YES,
        dwellings=tuple(Dwelling(f"{number}/{k}", 4) for k in range(homes)),
    )


def small(households: int = 3, persons: int = 1, **ledger: Any) -> Instance:
    """A queue of households of one size, and two municipalities."""
    return Instance(
        DAY,
        tuple(household(f"H{k}", persons) for k in range(households)),
        (municipality("0301", homes=2, **ledger), municipality("4601", decided=100)),
    )


def imported(store: Store, instance: Instance) -> list[Event]:
    """Take an instance in at noon, whatever is gone from it."""
    return import_instance(store, instance, Stamp(NOON, "Importer", "import"), withdraw_many=True)


def proposed(store: Store, name: str, number: str = "0301") -> list[Event]:
    """Propose at noon, with a week to answer."""
    return propose(store, name, number, BY, answer_by=DAY + timedelta(days=7))


def promised(store: Store, name: str, number: str = "0301", **more: Any) -> list[Event]:
    """Propose and promise at noon."""
    proposed(store, name, number)
    return promise(store, name, BY, **more)
