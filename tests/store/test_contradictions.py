"""What does not go together with what is recorded is refused when a person records it."""

from dataclasses import replace
from typing import Any

import pytest

from matcher.domain import Ban, BanReason, FamilyTie, Household
from matcher.store import (
    ContradictionError,
    Store,
    ban,
    get_filed_household,
    pin,
    revise_household,
    unpin,
)
from matcher.store.contradiction_checks import read_contradictions
from tests.store.small import BY, DAY, imported, later, small


def queued(store: Store, *links: tuple[str, str], **facts: dict[str, Any]) -> None:
    """Take in a queue in which some have further facts."""
    queue = tuple(replace(h, **facts.get(h.id, {})) for h in small(4).households)
    imported(store, small(4).replace(households=queue, links=links))


def told(refused: pytest.ExceptionInfo[ContradictionError]) -> list[tuple[str, str]]:
    """The fields, and what is wrong with them."""
    return [(c.column, c.code) for c in refused.value.contradictions]


TIE = {"family": (FamilyTie("4601", must_hold=True),)}
BAN = {"bans": (Ban("0301", BanReason.SECURITY),)}


def test_a_pin_away_from_a_tie_that_must_hold_is_refused(store):
    """Where the family is, it is recorded."""
    queued(store, H0=TIE)
    with pytest.raises(ContradictionError, match="must come where its family is: 4601") as refused:
        pin(store, "H0", "0301", BY)
    assert told(refused) == [("pinned_to", "pinned_to.family")]
    pin(store, "H0", "4601", BY)


def test_a_pin_where_a_linked_household_must_not_come_is_refused(store):
    """Also through a chain of links, and for the one whose pin would be elsewhere."""
    queued(store, ("H0", "H1"), ("H1", "H2"), H2=BAN)
    with pytest.raises(ContradictionError, match="banned for H2") as refused:
        pin(store, "H0", "0301", BY)
    assert told(refused) == [("pinned_to", "linked.banned")]
    pin(store, "H0", "4601", BY)
    with pytest.raises(ContradictionError) as refused:
        pin(store, "H1", "0301", BY)
    assert {code for _, code in told(refused)} == {"linked.apart", "linked.banned"}
    pin(store, "H3", "0301", BY)


def test_a_ban_is_refused_where_a_linked_household_must_come_unless_it_protects(store):
    """A ban that keeps people from harm holds whatever else is recorded."""
    queued(store, ("H0", "H1"), H0=TIE)
    with pytest.raises(ContradictionError, match="banned for H1"):
        ban(store, "H1", "4601", BanReason.CASEWORKER, BY)
    ban(store, "H1", "4601", BanReason.SECURITY, BY)
    assert [c.code for c in read_contradictions(store, "H1", DAY)] == ["linked.banned"]


def test_new_facts_that_cannot_be_are_refused_and_nothing_is_recorded(store):
    """A wait since 1926, or a child of four alone."""
    queued(store)
    filed = get_filed_household(store, "H0")
    child = replace(filed.members[0], age=4)
    for change, field in (
        ({"ready_since": filed.ready_since.replace(year=1926)}, "ready_since"),
        ({"members": (child,)}, "id"),
    ):
        with pytest.raises(ContradictionError) as refused:
            revise_household(store, replace(filed, **change), BY)
        assert [c.column for c in refused.value.contradictions] == [field]
        assert get_filed_household(store, "H0") == filed
    alone = replace(filed, members=(replace(child, unaccompanied=True),))
    revise_household(store, alone, BY)


def test_what_was_there_before_is_not_in_the_way_of_another_change(store):
    """A person puts right one thing at a time."""
    queued(store, H0={**TIE, "pinned_to": "0301"})
    filed: Household = get_filed_household(store, "H0")
    revise_household(store, replace(filed, deadline=DAY), BY)
    ban(store, "H0", "4601", BanReason.SECURITY, later(1))
    assert [c.code for c in read_contradictions(store, "H0", DAY)] == [
        "pinned_to.family",
        "family.banned",
    ]
    unpin(store, "H0", later(2))
