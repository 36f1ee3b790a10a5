"""The results of every rule and term for one unit in every municipality."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matcher.domain.reason import Reason
from matcher.domain.tables import BoolArray, HouseholdTable, IntArray, MunicipalityTable, Tables
from matcher.policy.rule_types import Budget, PairRule
from matcher.problem.lowering import lower_terms
from matcher.problem.problem import Problem


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """A rule that bars a pair, or allows it without being sure (``sure=False``), and the reason."""

    rule: str
    reason: Reason
    certain: bool = True


@dataclass(frozen=True, eq=False)
class RuleChecks:
    """The results of all rules and terms for one unit.

    Parameters
    ----------
    problem : Problem
    unit : int
        Row of the placing unit.
    """

    problem: Problem
    unit: int

    @cached_property
    def household_row(self) -> HouseholdTable:
        """The unit alone, as a table of one row."""
        return self.problem.households.take([self.unit])

    @cached_property
    def allowed_by_rule(self) -> Mapping[str, BoolArray]:
        """Whether a rule allows each municipality, by rule, shape (municipalities,)."""
        rows = {
            r.id: r.allowed(self.household_row, self._m) for r in self.problem.selection.pair_rules
        }
        rows |= {b.id: b.fits(self.household_row, self._m) for b in self.problem.selection.budgets}
        return {rule: self._row(row) for rule, row in rows.items()}

    @cached_property
    def value_by_term(self) -> Mapping[str, IntArray]:
        """Level 2 in thousandths of a point, by term, broadcastable to (1, municipalities)."""
        alone = Tables(self.problem.tables.today, self.household_row, self._m)
        return lower_terms(alone, self.problem.selection, 2)

    @cached_property
    def allowed_by_all(self) -> BoolArray:
        """Whether every rule allows each municipality, shape (municipalities,)."""
        allowed = np.ones(len(self._m), dtype=np.bool_)
        for row in self.allowed_by_rule.values():
            allowed &= row
        return allowed

    @cached_property
    def uncertain_by_rule(self) -> Mapping[str, BoolArray]:
        """Where the result of a rule depends on something not known, by pair rule."""
        return {
            r.id: self._row(r.uncertain(self.household_row, self._m))
            for r in self.problem.selection.pair_rules
        }

    def broken_rules(self, municipality: int) -> tuple[RuleVerdict, ...]:
        """Return every rule that bars the municipality, with its reason, in rule order."""
        if self.allowed_by_all[municipality]:
            return ()
        return tuple(
            RuleVerdict(rule.id, rule.reason(self.household_row, self._m, 0, municipality))
            for rule in self._rules
            if not self.allowed_by_rule[rule.id][municipality]
        )

    def cautions(self, municipality: int) -> tuple[RuleVerdict, ...]:
        """Return every rule that allows the municipality without being sure, with the reason."""
        if not self._unsure[municipality]:
            return ()
        return tuple(
            RuleVerdict(
                rule.id, rule.caution(self.household_row, self._m, 0, municipality), certain=False
            )
            for rule in self.problem.selection.pair_rules
            if self.uncertain_by_rule[rule.id][municipality]
            and self.allowed_by_rule[rule.id][municipality]
        )

    @cached_property
    def _unsure(self) -> BoolArray:
        """Where any rule allows without being sure, shape (municipalities,)."""
        rows = [row & self.allowed_by_rule[rule] for rule, row in self.uncertain_by_rule.items()]
        return np.logical_or.reduce(rows) if rows else np.zeros(len(self._m), dtype=np.bool_)

    @property
    def _m(self) -> MunicipalityTable:
        return self.problem.municipalities

    @property
    def _rules(self) -> tuple[PairRule | Budget, ...]:
        return (*self.problem.selection.pair_rules, *self.problem.selection.budgets)

    def _row(self, mask: BoolArray) -> BoolArray:
        # Called often: a view of a complete row takes a tenth of the time of broadcasting.
        row: BoolArray = mask[0]
        return row if len(row) == len(self._m) else row.repeat(len(self._m))
