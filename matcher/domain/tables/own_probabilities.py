"""Stay probabilities from an operator's own model, by placing unit and municipality."""

from collections.abc import Sequence

import numpy as np

from matcher.domain.household import Household
from matcher.domain.instance import PairProbabilities
from matcher.domain.tables.array_types import FloatArray
from matcher.domain.tables.vocabulary import MunicipalityLookup


def average_probabilities(
    units: Sequence[tuple[Household, ...]], pairs: PairProbabilities, lookup: MunicipalityLookup
) -> FloatArray:
    """Average the probabilities over the persons of each unit, shape (units, municipalities).

    Not-a-number for pairs in which any household of the unit has no probability.
    """
    unit_of = {h.id: row for row, unit in enumerate(units) for h in unit}
    size_of = {h.id: h.size for unit in units for h in unit}
    names, name_of_pair = np.unique(pairs.household, return_inverse=True)
    identifiers = [str(name) for name in names]
    known = np.array([name in unit_of for name in identifiers], dtype=np.bool_)[name_of_pair]
    rows = np.array([unit_of.get(name, 0) for name in identifiers], dtype=np.int64)
    sizes = np.array([size_of.get(name, 0) for name in identifiers], dtype=np.int64)
    rows, sizes = rows[name_of_pair][known], sizes[name_of_pair][known]
    numbers, number_of_pair = np.unique(pairs.municipality, return_inverse=True)
    columns = np.array([lookup.row(str(number), "any", "probability for") for number in numbers])
    columns = columns[number_of_pair][known]
    total = np.zeros((len(units), len(lookup.row_of)))
    persons = np.zeros_like(total)
    np.add.at(total, (rows, columns), sizes * pairs.probability[known])
    np.add.at(persons, (rows, columns), sizes)
    unit_sizes = np.array([sum(h.size for h in unit) for unit in units])[:, None]
    with np.errstate(invalid="ignore"):
        return np.where(persons == unit_sizes, total / unit_sizes, np.nan)
