"""Alarms where tonight's queue leaves what the stay model was estimated on."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from matcher.domain import Answer
from matcher.fairness.outcomes import UNKNOWN
from matcher.problem import Problem
from matcher.stay.tables import settled_2010_2016

VARIABLES = {
    "sex": "sex",
    "age": "age",
    "household_type": "household_type",
    "origin": "origin",
    "ground": "immigration_ground",
}
"""Columns of the outcomes, and what table 2 calls them."""
MOVED, MISSING = 0.2, 0.2
"""Share of the queue that is of other kinds than those settled, or of whom it is not known,
from which an alarm is told."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something about the queue that the stay model has not seen.

    Parameters
    ----------
    kind : "protection", "composition", "unknown" or "quartile"
        Persons under temporary collective protection, whom the model never saw; a variable whose
        composition differs; one that is not known of many; municipalities whose out-migration is
        an expectation.
    what : str
        The variable, empty where there is none.
    share : float
        Of the persons of the queue, or of the municipalities, 0-1. For a composition the share
        that would have to be of another level for it to be that of table 2.
    """

    kind: str
    what: str
    share: float


def alarms(problem: Problem, persons: pd.DataFrame) -> tuple[Alarm, ...]:
    """Compare the queue with the persons settled 2010-2016 (Fafo 2025:14, table 2).

    Parameters
    ----------
    problem : Problem
    persons : pandas.DataFrame
        From :func:`~matcher.fairness.outcomes.outcomes`.
    """
    if not len(persons):
        return ()
    protected = problem.households.members.collective_protection == Answer.YES
    quartile = problem.municipalities.quartile < 0
    found = [Alarm("protection", "", float(np.mean(protected)))]
    found += [Alarm("quartile", "", float(np.mean(quartile)))] if len(quartile) else []
    told = [alarm for alarm in found if alarm.share > 0]
    for variable, name in VARIABLES.items():
        missing = float((persons[variable] == UNKNOWN).mean())
        if missing > MISSING:
            told.append(Alarm("unknown", variable, missing))
        moved = _moved(persons[variable], name)
        if moved > MOVED:
            told.append(Alarm("composition", variable, moved))
    return tuple(told)


def _moved(column: pd.Series, name: str) -> float:
    """Total variation distance of the known from table 2."""
    known = column[column != UNKNOWN]
    if known.empty:
        return 0.0
    wanted = pd.Series(dict(settled_2010_2016(name)))
    shares = known.value_counts(normalize=True)
    apart = np.abs(shares.sub(wanted, fill_value=0.0).to_numpy(dtype=np.float64))
    return float(apart.sum() / 2)
