"""Draw sexes: a man and a woman in each couple, and totals as in the report."""

import numpy as np

from instances.people.origins import ORIGINS
from instances.people.structures import HouseholdStructure
from instances.random_stream import Int64Array, RandomStream
from instances.settled_composition import settled_counts

MAN, WOMAN = 0, 1
SHARE_OF_MEN = {"C": 0.513, "X": 0.55, "U": 0.83, "D": 0.53, "B": 0.6, "S": 0.13, "G": 0.25}
"""Share of men by role. 51.3 % of newborns are boys; the other shares are made up."""
MALE_SCORE_LEAD = 500
"""Added score, out of 1000, for men who live alone and are not from Ukraine; made up."""


def draw_sexes(
    structure: HouseholdStructure, ages: Int64Array, origin: Int64Array, draws: RandomStream
) -> Int64Array:
    """Draw the sex of each person, shape (persons,): 0 man, 1 woman.

    Persons who live alone get the sexes that are missing from the report's total of men.
    """
    sex = np.full(len(structure), WOMAN, dtype=np.int64)
    for role, share in SHARE_OF_MEN.items():
        sex[draws.substream(role).sample_share(structure.has_role(role), share)] = MAN
    grandparents = structure.count_in_family(structure.has_role("G")) == 2
    pair = structure.has_role("PK") | (structure.has_role("G") & grandparents)
    starts = np.concatenate([[True], structure.family[1:] != structure.family[:-1]])
    sex[pair] = np.where(starts, MAN, WOMAN)[pair]
    alone = np.flatnonzero(structure.has_role("A"))
    likelier = np.where(origin[alone] == ORIGINS.index("Ukraine"), 0, MALE_SCORE_LEAD)
    likelier = likelier - np.where(ages[alone] >= 60, 400, 0)
    score = draws.substream("alone").integers_below(1000, len(alone)) + likelier
    men = _men_wanted(len(structure)) - int((sex == MAN).sum())
    sex[alone[np.argsort(-score, kind="stable")[: max(0, men)]]] = MAN
    return sex


def _men_wanted(persons: int) -> int:
    men, women = settled_counts()["sex"]["man"], settled_counts()["sex"]["woman"]
    return (2 * persons * men + men + women) // (2 * (men + women))
