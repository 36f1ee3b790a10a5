"""The results of every rule and term for placing units in every municipality."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from matcher.domain.reason import Reason
from matcher.domain.tables.array_types import BoolArray, IntArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.rule_types import Budget, PairRule
from matcher.problem.lowering import term_values
from matcher.problem.problem import Problem
from matcher.stay.model import StayModel


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """A rule that bars a pair, or allows it without certainty (``certain=False``); the reason."""

    rule: str
    reason: Reason
    certain: bool = True


@dataclass(frozen=True, eq=False)
class RuleChecks:
    """The results of all rules and terms for a block of units, (units, municipalities) each.

    Methods take the row ``i`` of a unit within the block, and that of a municipality.

    Parameters
    ----------
    problem : Problem
    units : int array, shape (units,)
        Rows of the placing units in the problem.
    """

    problem: Problem
    units: IntArray

    @classmethod
    def of_unit(cls, problem: Problem, unit: int) -> Self:
        """Check the rules for one unit, a block of one."""
        return cls(problem, np.array([unit], dtype=np.int64))

    @cached_property
    def households(self) -> HouseholdTable:
        """The units of the block as a table."""
        return self.problem.households.take(self.units)

    @cached_property
    def concerning(self) -> frozenset[str]:
        """The pair rules and terms that concern any unit of the block; only they are computed."""
        concerned = self.problem.concerned_units.items()
        return frozenset(rule for rule, units in concerned if units[self.units].any())

    @cached_property
    def allowed_by_rule(self) -> Mapping[str, BoolArray]:
        """Whether a rule allows each pair, by rule, shape (units, municipalities)."""
        h, m, selection = self.households, self._m, self.problem.selection
        everywhere = np.ones(self.shape, dtype=np.bool_)
        masks = {
            rule.id: rule.allowed(h, m) if rule.id in self.concerning else everywhere
            for rule in selection.pair_rules
        }
        masks |= {budget.id: budget.fits(h, m) for budget in selection.budgets}
        return {rule: self._full(mask) for rule, mask in masks.items()}

    @cached_property
    def barring_rules(self) -> IntArray:
        """Number of rules that bar each pair, shape (units, municipalities)."""
        count = np.zeros(self.shape, dtype=np.int64)
        for allowed in self.allowed_by_rule.values():
            count += ~allowed
        return count

    @cached_property
    def allowed_by_all(self) -> BoolArray:
        """Whether every rule allows each pair, shape (units, municipalities)."""
        allowed: BoolArray = self.barring_rules == 0
        return allowed

    @cached_property
    def value_by_term(self) -> Mapping[str, IntArray]:
        """Level 2 in thousandths of a point, by term, broadcastable to (units, municipalities)."""
        return {
            term.id: term_values(term, self.households, self._m)
            if term.id in self.concerning
            else np.zeros((1, 1), dtype=np.int64)
            for term in self.problem.selection.terms
            if term.level == 2
        }

    @property
    def stay_model(self) -> StayModel:
        """The policy's stay model, with the pair effects that concern any unit of the block."""
        model = self.problem.stay_model
        return model.with_effects(e for e in model.effects if e.id in self.concerning)

    @cached_property
    def uncertain_by_rule(self) -> Mapping[str, BoolArray]:
        """Where a pair rule allows but depends on something not known, by rule that ever does."""
        masks = (
            (rule.id, rule.uncertain(self.households, self._m))
            for rule in self.problem.selection.pair_rules
            if rule.id in self.concerning
        )
        return {k: self._full(mask) & self.allowed_by_rule[k] for k, mask in masks if mask.any()}

    @property
    def shape(self) -> tuple[int, int]:
        """Units and municipalities."""
        return len(self.units), len(self._m)

    def broken_rules(self, i: int, municipality: int) -> tuple[RuleVerdict, ...]:
        """Return every rule that bars the pair, with its reason, in rule order."""
        if self.allowed_by_all.item(i, municipality):
            return ()
        return tuple(
            RuleVerdict(rule.id, rule.reason(self.households, self._m, i, municipality))
            for rule in self._rules
            if not self.allowed_by_rule[rule.id].item(i, municipality)
        )

    def cautions(self, i: int, municipality: int) -> tuple[RuleVerdict, ...]:
        """Return every rule that allows the pair without certainty, with the reason."""
        uncertain = [k for k, mask in self.uncertain_by_rule.items() if mask.item(i, municipality)]
        if not uncertain:
            return ()
        return tuple(
            RuleVerdict(rule.id, rule.caution(self.households, self._m, i, municipality), False)
            for rule in self.problem.selection.pair_rules
            if rule.id in uncertain
        )

    @property
    def _m(self) -> MunicipalityTable:
        return self.problem.municipalities

    @property
    def _rules(self) -> tuple[PairRule | Budget, ...]:
        return (*self.problem.selection.pair_rules, *self.problem.selection.budgets)

    def _full(self, mask: BoolArray) -> BoolArray:
        # Called often for one unit: a mask of full shape takes a tenth of the time of broadcasting.
        return mask if mask.shape == self.shape else np.broadcast_to(mask, self.shape)
