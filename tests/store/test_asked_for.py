"""What is asked of municipalities: counted, kept within what the policy wants, and told."""

import numpy as np
import pytest

from matcher.domain import Placement, Plan
from matcher.domain.tables.build import build_tables
from matcher.store import (
    AskedFor,
    NoCapacityError,
    ReasonRequiredError,
    count_asked_for,
    decline,
    lapse,
    promise,
    propose,
    revise_ledger,
    withdraw,
)
from matcher.store.instance_loading import load_instance_at
from tests.store.small import BY, DAY, household, imported, later, proposed, small


def asking(store, name: str, share: float | None = 1.0, number: str = "0301", **more):
    """Propose under a policy that wants so much asked for."""
    return propose(store, name, number, BY, answer_by=DAY, asking_share=share, **more)


@pytest.mark.parametrize("end", [promise, decline, lapse, withdraw])
def test_places_are_asked_for_until_there_is_an_answer(store, end):
    """A yes takes them, all else gives them back."""
    imported(store, small(persons=3, decided=10))
    assert count_asked_for(store, DAY) == {}
    proposed(store, "H0")
    proposed(store, "H1", "4601")
    assert count_asked_for(store, DAY) == {"0301": AskedFor(3), "4601": AskedFor(3)}
    end(store, "H0", BY)
    assert count_asked_for(store, DAY) == {"4601": AskedFor(3)}


def test_no_more_is_asked_for_than_is_open_without_a_reason(store):
    """The error has the numbers; with a reason the proposal says that it overrides."""
    imported(store, small(persons=2, decided=5))
    asking(store, "H0")
    asking(store, "H1")
    with pytest.raises(ReasonRequiredError) as error:
        asking(store, "H2")
    assert error.value.overridden == ("places_asked_for",)
    assert "0301 has 5 open places, 4 are asked for others already, 2 more needed" in str(
        error.value
    )
    (event,) = asking(store, "H2", overriding=True)
    assert event.facts["overrides"] == ["places_asked_for"]
    assert count_asked_for(store, DAY) == {"0301": AskedFor(6)}


@pytest.mark.parametrize(("share", "proposals"), [(1.0, 2), (1.2, 3), (None, 4)])
def test_the_policy_says_how_much_is_wanted(store, share, proposals):
    """A share of the open places; nothing is checked where it sets none."""
    imported(store, small(5, persons=2, decided=5))
    made = 0
    for k in range(4):
        try:
            asking(store, f"H{k}", share)
        except ReasonRequiredError:
            break
        made += 1
    assert made == proposals


def test_promises_and_a_lower_decision_leave_less_to_ask_for(store):
    """What is open counts, not what was decided."""
    imported(store, small(persons=2, decided=6))
    asking(store, "H0")
    promise(store, "H0", BY)
    revise_ledger(store, "0301", {"decided": 3}, BY)
    with pytest.raises(ReasonRequiredError, match="has 1 open places, 0 are asked for"):
        asking(store, "H1")


def test_linked_households_ask_together(store):
    """Their persons are counted as one."""
    imported(store, small(2, persons=2, decided=3).replace(links=(("H0", "H1"),)))
    with pytest.raises(ReasonRequiredError, match="4 more needed"):
        asking(store, "H0")


def test_who_is_proposed_as_the_files_say_asks_once(store):
    """A household of three with an open proposal of the files fits into three places."""
    filed = Plan((Placement("H0", "0301"),))
    imported(store, small(2, persons=3, decided=3).replace(earlier_plan=filed))
    assert count_asked_for(store, DAY) == {"0301": AskedFor(3)}
    with pytest.raises(ReasonRequiredError, match="3 are asked for others already"):
        asking(store, "H1")
    asking(store, "H0")
    assert count_asked_for(store, DAY) == {"0301": AskedFor(3)}


def test_places_for_minors_are_asked_for_apart(store):
    """One minor has been asked for; another needs a reason, though places are open."""
    instance = small(decided=10, minors_decided=1)
    imported(store, instance.replace(households=(household("M0", 1, 1), household("M1", 1, 1))))
    asking(store, "M0")
    assert count_asked_for(store, DAY) == {"0301": AskedFor(1, 1)}
    with pytest.raises(ReasonRequiredError, match="1 open places for unaccompanied minors, 1 are"):
        asking(store, "M1")


def test_a_yes_beyond_what_is_open_says_what_to_do(store):
    """Seven were asked for five places: the sixth yes is refused."""
    imported(store, small(7, decided=5))
    for k in range(7):
        proposed(store, f"H{k}")
    for k in range(5):
        promise(store, f"H{k}", BY)
    with pytest.raises(NoCapacityError, match="Record first what the council has decided since"):
        promise(store, "H5", BY)


def test_the_instance_to_plan_on_asks_for_the_same(store):
    """Recorded proposals, and those of the files of which the store knows nothing later."""
    filed = Plan(tuple(Placement(f"H{k}", "4601") for k in range(4)))
    imported(store, small(6, persons=2, decided=20).replace(earlier_plan=filed))
    proposed(store, "H0")
    proposed(store, "H5")
    proposed(store, "H1", "4601")
    decline(store, "H1", BY)
    proposed(store, "H2")
    promise(store, "H2", later(1))
    asked = count_asked_for(store, DAY)
    assert asked == {"0301": AskedFor(4), "4601": AskedFor(2)}
    m = build_tables(load_instance_at(store, later(1).at.date())).municipalities
    told = {str(number): int(n) for number, n in zip(m.number, m.asked_for, strict=True)}
    assert told == {number: asked[number].persons for number in told}
    assert np.array_equal(m.minors_asked_for, [0, 0])
