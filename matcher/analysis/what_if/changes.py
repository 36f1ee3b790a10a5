"""What a what-if asks, and its changes: to ledgers, to the policy, pins and bans of households."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from matcher.domain.errors import (
    PolicyError,
    TreffsikkerError,
    UnknownHouseholdError,
    UnknownMunicipalityError,
)
from matcher.domain.household import Ban, BanReason, Household
from matcher.domain.instance import Instance
from matcher.domain.ledger import LEDGER_NUMBERS, Ledger
from matcher.domain.municipality import Municipality
from matcher.policy.catalogue import SECTIONS
from matcher.policy.policy import Policy


class UnusableChangeError(TreffsikkerError):
    """A requested change is not possible."""


class WhatIfQuestion(StrEnum):
    """What is asked.

    In both questions, open proposals and pins hold as they do in any plan.
    """

    STEADY = "steady"
    """Tonight's plan, changed as little as it must: it counts as last night's suggestions, as it
    does in the next night."""
    AFRESH = "afresh"
    """A plan without memory of suggestions."""


QUESTIONS = tuple(WhatIfQuestion)
"""Both questions, in the order in which they are answered."""


@dataclass(frozen=True, slots=True)
class WhatIfChanges:
    """The changes of a what-if to tonight's instance and policy.

    Parameters
    ----------
    ledgers : mapping of str to mapping
        Numbers in ledgers, by the four-digit number of the municipality and the name of the field:
        ``{"0301": {"decided": 60}}``.
    policy : str or None
        Name of another policy of the project.
    parameters : mapping of str to value
        Weights and parameters of rules and terms:
        ``{"terms.speed.person_days_per_stayer": 120}``.
    off : tuple of str
        Rules and terms that are switched off.
    pins : mapping of str to str
        Municipality where a household must be placed, by household.
    bans : tuple of (str, str)
        Household, and municipality where it must not be placed.
    """

    ledgers: Mapping[str, Mapping[str, int | None]] = field(default_factory=dict)
    policy: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    off: tuple[str, ...] = ()
    pins: Mapping[str, str] = field(default_factory=dict)
    bans: tuple[tuple[str, str], ...] = ()

    def apply_to_policy(self, policy: Policy) -> Policy:
        """Apply these changes to a policy.

        Raises
        ------
        PolicyError
            When a rule, term or parameter does not exist, or its value is not allowed.
        """
        changed = policy if self.policy is None else Policy.named(self.policy)
        for path, value in self.parameters.items():
            section, identifier, name = _split_path(path)
            change = changed.with_rule if section == "rules" else changed.with_term
            changed = change(identifier, **{name: value})
        for identifier in self.off:
            if identifier not in {*changed.rules, *changed.terms}:
                raise PolicyError(f"{identifier} is not on in the policy {changed.name}")
        changed = changed.without(*self.off)
        changed.build_rules()
        return changed

    def apply_to_instance(self, instance: Instance) -> Instance:
        """Apply these changes to an instance.

        Raises
        ------
        UnknownHouseholdError, UnknownMunicipalityError
            When a named household or municipality is not in the instance.
        UnusableChangeError
            When a ledger has no such field, or its value is below 0.
        """
        self._check(instance)
        return instance.replace(
            households=tuple(self._household(h) for h in instance.households),
            municipalities=tuple(self._municipality(m) for m in instance.municipalities),
        )

    def _check(self, instance: Instance) -> None:
        queue = {h.id for h in instance.households}
        for household in [*self.pins, *(household for household, _ in self.bans)]:
            if household not in queue:
                raise UnknownHouseholdError(f"household {household!r} is not in the queue")
        known = {m.number for m in instance.municipalities}
        for number in [*self.ledgers, *self.pins.values(), *(number for _, number in self.bans)]:
            if number not in known:
                raise UnknownMunicipalityError(
                    f"municipality {number!r} is not in the instance; give its four-digit number"
                )

    def _household(self, household: Household) -> Household:
        pin = self.pins.get(household.id, household.pinned_to)
        bans = tuple(
            Ban(number, BanReason.CASEWORKER)
            for banned, number in self.bans
            if banned == household.id
        )
        return replace(household, pinned_to=pin, bans=household.bans + bans)

    def _municipality(self, municipality: Municipality) -> Municipality:
        numbers = self.ledgers.get(municipality.number, {})
        for name, value in numbers.items():
            _check_number(municipality.number, name, value)
        return replace(municipality, ledger=_ledger(municipality.ledger, numbers))


def _ledger(ledger: Ledger, numbers: Mapping[str, Any]) -> Ledger:
    return replace(ledger, **numbers)


def parse_parameter(text: str) -> tuple[str, Any]:
    """Parse a text such as ``terms.speed.child=2``, with the value as in a policy file.

    Raises
    ------
    UnusableChangeError
        When the text does not have this form.
    """
    path, _, value = text.partition("=")
    try:
        parsed = tomllib.loads(f"value = {value}")
    except tomllib.TOMLDecodeError as error:
        raise UnusableChangeError(
            f"{text!r} cannot be read; write terms.speed.child=2, texts in quotes"
        ) from error
    return path.strip(), parsed["value"]


def _split_path(path: str) -> tuple[str, str, str]:
    parts = path.split(".")
    if len(parts) != 3 or parts[0] not in SECTIONS:
        raise UnusableChangeError(
            f"{path!r} names no parameter; write {' or '.join(SECTIONS)}, the rule or term and"
            " the parameter, as in terms.speed.person_days_per_stayer"
        )
    return parts[0], parts[1], parts[2]


def _check_number(municipality: str, name: str, value: int | None) -> None:
    if name not in LEDGER_NUMBERS:
        raise UnusableChangeError(f"a ledger has no {name!r}; it has {', '.join(LEDGER_NUMBERS)}")
    if (value is None and name != "receive_now") or (value is not None and value < 0):
        raise UnusableChangeError(
            f"{name} of municipality {municipality} is {value}; give a whole number, 0 or more"
        )
