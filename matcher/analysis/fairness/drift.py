"""Alarms where tonight's queue differs from the persons the stay model was estimated on."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from matcher.analysis.fairness.person_outcomes import UNKNOWN
from matcher.domain.answer import Answer
from matcher.problem.problem import Problem
from matcher.stay.coefficients import settled_shares_2010_2016

VARIABLES = {
    "sex": "sex",
    "age": "age",
    "household_type": "household_type",
    "origin": "origin",
    "ground": "immigration_ground",
}
"""Columns of the outcomes, and their names in table 2."""
COMPOSITION_LIMIT, UNKNOWN_LIMIT = 0.2, 0.2
"""An alarm is raised when a variable's composition differs by more than the first share, or when
the variable is unknown for more than the second share of the queue."""


@dataclass(frozen=True, slots=True)
class DriftAlarm:
    """A difference between the queue and the data of the stay model.

    Parameters
    ----------
    kind : "protection", "composition", "unknown" or "quartile"
        Persons under temporary collective protection, whom the model was not estimated on; a
        variable whose composition differs; a variable that is unknown for many persons;
        municipalities whose out-migration quartile is an expectation.
    what : str
        The variable, or empty.
    share : float
        Share of the persons of the queue, or of the municipalities, 0-1. For a composition, the
        share of persons who would need another level to give the composition of table 2.
    """

    kind: str
    what: str
    share: float


def detect_drift(problem: Problem, persons: pd.DataFrame) -> tuple[DriftAlarm, ...]:
    """Compare the queue with the persons settled 2010-2016 (Fafo 2025:14, table 2).

    Parameters
    ----------
    problem : Problem
    persons : pandas.DataFrame
        From :func:`~matcher.analysis.fairness.person_outcomes.build_person_outcomes`.
    """
    if not len(persons):
        return ()
    protected = problem.households.members.collective_protection == Answer.YES
    quartile = problem.municipalities.quartile < 0
    candidates = [DriftAlarm("protection", "", float(np.mean(protected)))]
    candidates += [DriftAlarm("quartile", "", float(np.mean(quartile)))] if len(quartile) else []
    raised = [alarm for alarm in candidates if alarm.share > 0]
    for variable, name in VARIABLES.items():
        missing = float((persons[variable] == UNKNOWN).mean())
        if missing > UNKNOWN_LIMIT:
            raised.append(DriftAlarm("unknown", variable, missing))
        moved = _distance_from_table_2(persons[variable], name)
        if moved > COMPOSITION_LIMIT:
            raised.append(DriftAlarm("composition", variable, moved))
    return tuple(raised)


def _distance_from_table_2(column: pd.Series, name: str) -> float:
    """Total variation distance between the known values and table 2."""
    known = column[column != UNKNOWN]
    if known.empty:
        return 0.0
    wanted = pd.Series(dict(settled_shares_2010_2016(name)))
    shares = known.value_counts(normalize=True)
    differences = np.abs(shares.sub(wanted, fill_value=0.0).to_numpy(dtype=np.float64))
    return float(differences.sum() / 2)
