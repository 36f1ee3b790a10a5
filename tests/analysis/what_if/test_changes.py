"""What can be asked, and what is refused."""

from dataclasses import replace

import pytest

from matcher.analysis.what_if import WhatIfChanges, parse_parameter
from matcher.analysis.what_if.changes import UnusableChangeError
from matcher.domain.errors import PolicyError, UnknownHouseholdError, UnknownMunicipalityError
from matcher.policy.policy import Policy
from tests.random_instances import random_instance

POLICY = Policy.default()


def test_what_cannot_be_different_is_refused():
    """Each by its name."""
    instance = random_instance(0)
    for error, different in (
        (UnknownMunicipalityError, {"ledgers": {"9999": {"decided": 1}}}),
        (UnknownMunicipalityError, {"pins": {instance.households[0].id: "9999"}}),
        (UnknownHouseholdError, {"pins": {"nobody": "0301"}}),
        (UnknownHouseholdError, {"bans": (("nobody", "0301"),)}),
        (UnusableChangeError, {"ledgers": {instance.municipalities[0].number: {"open": 1}}}),
        (UnusableChangeError, {"ledgers": {instance.municipalities[0].number: {"decided": -1}}}),
        (UnusableChangeError, {"ledgers": {instance.municipalities[0].number: {"decided": None}}}),
        (UnusableChangeError, {"parameters": {"speed.child": 2}}),
        (PolicyError, {"parameters": {"terms.sped.child": 2}}),
        (PolicyError, {"parameters": {"terms.speed.child": "much"}}),
        (PolicyError, {"off": ("interpreter",)}),
        (PolicyError, {"policy": "nobody's"}),
    ):
        changes = WhatIfChanges(**different)
        with pytest.raises(error):
            changes.apply_to_policy(POLICY)
            changes.apply_to_instance(instance)


def test_changes_of_the_policy_follow_one_another():
    """Another policy first, then its parameters, then what is off."""
    changed = WhatIfChanges(
        policy="stay-first", parameters={"terms.speed.child": 3.0}, off=("fair_shares",)
    ).apply_to_policy(POLICY)
    wanted = Policy.named("stay-first").with_term("speed", child=3.0).without("fair_shares")
    assert changed.hash == wanted.hash


def test_what_is_not_named_stays_as_it_is():
    """Of a ledger, and of a household with bans of its own."""
    instance = random_instance(1)
    one, household = instance.municipalities[0], instance.households[0]
    changed = WhatIfChanges(
        ledgers={one.number: {"decided": 77}}, bans=((household.id, one.number),)
    ).apply_to_instance(instance)
    assert changed.municipalities[0] == replace(one, ledger=replace(one.ledger, decided=77))
    assert changed.municipalities[1:] == instance.municipalities[1:]
    assert changed.households[0].bans[:-1] == household.bans
    assert changed.households[1:] == instance.households[1:]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("terms.speed.child=2", ("terms.speed.child", 2)),
        (" 0301.decided = 60", ("0301.decided", 60)),
        ("rules.hospital.minutes=45.5", ("rules.hospital.minutes", 45.5)),
        ("terms.x.y=true", ("terms.x.y", True)),
    ],
)
def test_values_are_read_as_in_a_policy_file(text, wanted):
    """Numbers, words, switches."""
    assert parse_parameter(text) == wanted


@pytest.mark.parametrize("text", ["terms.speed.child", "terms.speed.child=", "a=b c"])
def test_what_has_no_value_is_refused(text):
    """With an example of what can be written."""
    with pytest.raises(UnusableChangeError, match=r"write terms\.speed\.child=2"):
        parse_parameter(text)
