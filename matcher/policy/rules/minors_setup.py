"""Unaccompanied minors are placed only where there is a set-up for them."""

from dataclasses import dataclass

import numpy as np

from matcher.domain.answer import Answer
from matcher.domain.reason import Reason
from matcher.domain.tables.array_types import BoolArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.rule_types import PairRule


@dataclass(frozen=True)
class MinorsSetupRule(PairRule):
    """Unaccompanied minors are placed only where there is a set-up for them."""

    id, source = "minors_setup", "IMDi, request for settlement 2024"
    protects = True

    def concerns(self, h: HouseholdTable) -> BoolArray:
        """Units with unaccompanied minors."""
        return np.asarray(h.minors != 0)

    def allowed(self, h: HouseholdTable, m: MunicipalityTable) -> BoolArray:
        """Allow units without minors, and all units where the set-up is known to exist."""
        return np.asarray((h.minors == 0)[:, None] | (m.minors_setup == Answer.YES)[None, :])

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Say that there is no set-up for minors, or that it is not known whether there is one."""
        code = "missing" if m.minors_setup[j] == Answer.NO else "not_reported"
        return Reason(f"minors_setup.{code}", {"municipality": str(m.name[j])})
