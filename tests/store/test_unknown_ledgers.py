"""What is not known of a ledger stays not known, and opens no place."""

from datetime import date
from typing import Any

import pytest

from matcher.domain import Answer, Ledger, LedgerGap
from matcher.store import (
    NoCapacityError,
    get_municipality_state,
    list_alarms,
    promise,
    revise_ledger,
    settle,
)
from tests.store.small import BY, imported, promised, proposed, small


def ledger(store, number: str = "0301") -> Ledger:
    """A municipality's ledger now."""
    return get_municipality_state(store, number).ledger


@pytest.mark.parametrize(
    ("missing", "gap"),
    [
        ("decided", LedgerGap.DECISION),
        ("settled", LedgerGap.SETTLED),
        ("promised", LedgerGap.PROMISED),
    ],
)
def test_without_a_number_nobody_is_promised_a_place(store, missing, gap):
    """From the files or taken back by a person; registered, the places are open again."""
    imported(store, small(**{"decided": 10, missing: None}))
    assert (ledger(store).gap, ledger(store).open) == (gap, None)
    proposed(store, "H0")
    with pytest.raises(NoCapacityError, match="Register what the municipality has decided"):
        promise(store, "H0", BY)
    revise_ledger(store, "0301", {missing: 10 if missing == "decided" else 0}, BY)
    promise(store, "H0", BY)
    assert ledger(store).open == 9
    revise_ledger(store, "0301", {missing: None}, BY)
    assert ledger(store).open is None


def test_what_others_have_settled_stays_unknown_when_the_store_settles(store):
    """One more of the store's own is no report of how many there are."""
    imported(store, small(decided=10))
    promised(store, "H0")
    revise_ledger(store, "0301", {"settled": None}, BY)
    settle(store, "H0", BY)
    assert (ledger(store).settled, ledger(store).promised) == (None, 0)
    revise_ledger(store, "0301", {"settled": 4}, BY)
    assert ledger(store).settled == 4
    assert list_alarms(store) == []


def test_what_belongs_to_a_decision_is_kept_as_it_is(store):
    """Day, case, answer day, a new case and the council's own words come back unchanged."""
    facts: dict[str, Any] = {
        "decided_on": date(2023, 12, 14),
        "decision_case": "2023/114",
        "answer_by": date(2024, 2, 25),
        "new_case": Answer.YES,
        "clauses": "Kommunestyret ber om ny sak.",
    }
    imported(store, small(decided=10, **facts))
    assert {name: getattr(ledger(store), name) for name in facts} == facts
    assert not imported(store, small(decided=10, **facts))
    revise_ledger(store, "0301", {"decided_on": date(2024, 3, 1), "new_case": Answer.NO}, BY)
    assert (ledger(store).decided_on, ledger(store).new_case) == (date(2024, 3, 1), Answer.NO)
    assert ledger(store).decision_case == "2023/114"
