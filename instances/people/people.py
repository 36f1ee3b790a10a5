"""The persons of the queue as columns, before persons and households are built."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from instances.draws import Draws, Mask, Whole
from instances.people.ages import draw_ages
from instances.people.origins import GROUNDS, ORIGINS, draw_origins
from instances.people.sexes import draw_sexes
from instances.people.structures import Structure, draw_structure
from matcher.domain import Ground

Answers = NDArray[np.int64]
"""Values of :class:`matcher.domain.Answer`."""


@dataclass(frozen=True, eq=False)
class People:
    """The persons of the queue as columns.

    Parameters
    ----------
    structure : Structure
        Households and the roles of their members.
    age, sex, origin : int array, shape (persons,)
        Whole years; 0 man and 1 woman; index in ``ORIGINS``.
    ground : int array, shape (households,)
        Index in ``GROUNDS``.
    """

    structure: Structure
    age: Whole
    sex: Whole
    origin: Whole
    ground: Whole

    def __len__(self) -> int:
        return len(self.age)

    @property
    def unaccompanied(self) -> Mask:
        """Who is an unaccompanied minor, shape (persons,)."""
        return self.structure.is_role("U")

    @property
    def collective(self) -> Mask:
        """Who is under temporary collective protection, shape (persons,)."""
        other_ground = self.ground == GROUNDS.index(Ground.OTHER)
        ukrainian = self.origin == ORIGINS.index("Ukraine")
        return np.asarray(ukrainian & other_ground[self.structure.household], dtype=np.bool_)

    @property
    def households(self) -> int:
        """Number of households."""
        return len(self.structure.size)


def draw_people(households: int, unaccompanied: float, draws: Draws) -> People:
    """Draw a number of households and the persons in them."""
    structure = draw_structure(households, unaccompanied, draws.stream("structure"))
    ages = draw_ages(structure, draws.stream("ages"))
    origin, ground = draw_origins(structure, ages, draws.stream("origins"))
    sex = draw_sexes(structure, ages, origin, draws.stream("sexes"))
    return People(structure, ages, sex, origin, ground)
