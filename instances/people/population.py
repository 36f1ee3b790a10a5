"""The persons of the queue as columns, before persons and households are built."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from instances.people.ages import draw_ages
from instances.people.origins import GROUNDS, ORIGINS, draw_origins
from instances.people.sexes import draw_sexes
from instances.people.structures import HouseholdStructure, draw_structure
from instances.random_stream import BoolMask, Int64Array, RandomStream
from matcher.domain.person import ImmigrationGround

AnswerCodes = NDArray[np.int64]
"""Values of :class:`matcher.domain.Answer`."""


@dataclass(frozen=True, eq=False)
class Population:
    """The persons of the queue as columns.

    Parameters
    ----------
    structure : HouseholdStructure
        Households and the roles of their members.
    age, sex, origin : int array, shape (persons,)
        Whole years; 0 man and 1 woman; index in ``ORIGINS``.
    ground : int array, shape (households,)
        Index in ``GROUNDS``.
    """

    structure: HouseholdStructure
    age: Int64Array
    sex: Int64Array
    origin: Int64Array
    ground: Int64Array

    def __len__(self) -> int:
        return len(self.age)

    @property
    def unaccompanied(self) -> BoolMask:
        """Who is an unaccompanied minor, shape (persons,)."""
        return self.structure.has_role("U")

    @property
    def under_collective_protection(self) -> BoolMask:
        """Who is under temporary collective protection, shape (persons,)."""
        other_ground = self.ground == GROUNDS.index(ImmigrationGround.OTHER)
        ukrainian = self.origin == ORIGINS.index("Ukraine")
        return np.asarray(ukrainian & other_ground[self.structure.household], dtype=np.bool_)

    @property
    def households(self) -> int:
        """Number of households."""
        return len(self.structure.size)


def draw_population(households: int, unaccompanied: float, draws: RandomStream) -> Population:
    """Draw a number of households and the persons in them."""
    structure = draw_structure(households, unaccompanied, draws.substream("structure"))
    ages = draw_ages(structure, draws.substream("ages"))
    origin, ground = draw_origins(structure, ages, draws.substream("origins"))
    sex = draw_sexes(structure, ages, origin, draws.substream("sexes"))
    return Population(structure, ages, sex, origin, ground)
