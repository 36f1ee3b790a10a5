"""Sex: one man and one woman in a couple, and men and women in the report's numbers."""

import numpy as np

from instances.draws import Draws, Whole
from instances.people.origins import ORIGINS
from instances.people.structures import Structure
from instances.table5 import composition

MAN, WOMAN = 0, 1
SHARE_OF_MEN = {"C": 0.513, "X": 0.55, "U": 0.83, "D": 0.53, "B": 0.6, "S": 0.13, "G": 0.25}
"""By role. Boys are 51.3 % at birth; the rest is made up."""
LIKELIER_MEN = 500
"""Made up: how far men outnumber women among those alone from elsewhere than Ukraine, of 1000."""


def draw_sexes(structure: Structure, ages: Whole, origin: Whole, draws: Draws) -> Whole:
    """Give everyone a sex, shape (persons,): 0 man, 1 woman.

    Those who live alone make up what the report's total of men leaves.
    """
    sex = np.full(len(structure), WOMAN, dtype=np.int64)
    for role, share in SHARE_OF_MEN.items():
        sex[draws.stream(role).some(structure.is_role(role), share)] = MAN
    grandparents = structure.count_in_family(structure.is_role("G")) == 2
    pair = structure.is_role("PK") | (structure.is_role("G") & grandparents)
    starts = np.concatenate([[True], structure.family[1:] != structure.family[:-1]])
    sex[pair] = np.where(starts, MAN, WOMAN)[pair]
    alone = np.flatnonzero(structure.is_role("A"))
    likelier = np.where(origin[alone] == ORIGINS.index("Ukraine"), 0, LIKELIER_MEN)
    likelier = likelier - np.where(ages[alone] >= 60, 400, 0)
    score = draws.stream("alone").below(1000, len(alone)) + likelier
    men = _men_wanted(len(structure)) - int((sex == MAN).sum())
    sex[alone[np.argsort(-score, kind="stable")[: max(0, men)]]] = MAN
    return sex


def _men_wanted(persons: int) -> int:
    men, women = composition()["sex"]["man"], composition()["sex"]["woman"]
    return (2 * persons * men + men + women) // (2 * (men + women))
