"""Units that are alike in everything a solver can see: one class, with a count.

Alike means the same values, the same open municipalities and the same use of everything.
Solving for how many of a class go where, instead of who, is exact, much smaller, and free of
the symmetry that branch and bound suffers from.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matcher.program import UNPLACED, Choice, Program, Resource, Spread
from matcher.tables import BoolArray, IntArray


@dataclass(frozen=True, eq=False)
class Classes:
    """Classes of alike units.

    Parameters
    ----------
    program : Program
    of_unit : int array, shape (units,)
        Class of each unit.
    first : int array, shape (classes,)
        A unit of each class, the first of the queue.
    """

    program: Program
    of_unit: IntArray
    first: IntArray

    @classmethod
    def of(cls, program: Program) -> "Classes":
        """Find the classes of a program."""
        parts: list[Resource | Spread] = [*program.resources, *program.spreads]
        uses = [part.use for part in parts]
        keys = np.column_stack([_digest(program), program.weight, *uses])
        _, first, of_unit = np.unique(keys, axis=0, return_index=True, return_inverse=True)
        order = np.argsort(first)
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        found = cls(program, place[of_unit.reshape(-1)], first[order])
        return found if found._alike() else cls.single(program)

    @classmethod
    def single(cls, program: Program) -> "Classes":
        """Give every unit a class of its own."""
        units = np.arange(program.shape[0])
        return cls(program, units, units)

    @cached_property
    def count(self) -> IntArray:
        """Units of each class, shape (classes,)."""
        return np.bincount(self.of_unit, minlength=len(self.first))

    @cached_property
    def open(self) -> BoolArray:
        """Pairs that can be chosen, shape (classes, municipalities)."""
        return self.program.open[self.first]

    def choice(self, kind: IntArray, municipality: IntArray, amount: IntArray) -> Choice:
        """Hand out municipalities to the units of each class, in the order of the queue.

        Parameters
        ----------
        kind, municipality, amount : int array, shape (flows,)
            So many of a class go to a municipality.

        Raises
        ------
        ValueError
            When more of a class are placed than there are.
        """
        placed = np.bincount(kind, weights=amount, minlength=len(self.first))
        if (placed > self.count).any():
            raise ValueError("more municipalities are chosen for a class than it has units")
        order = np.argsort(kind, kind="stable")
        given = np.repeat(municipality[order], amount[order])
        giver = np.repeat(kind[order], amount[order])
        queue = np.argsort(self.of_unit, kind="stable")
        start = np.concatenate([[0], np.cumsum(self.count)])[giver]
        nth = np.arange(len(giver)) - np.searchsorted(giver, giver)
        out = np.full(len(self.of_unit), UNPLACED, dtype=np.int64)
        out[queue[start + nth]] = given
        return out

    def amounts(self, choice: Choice) -> IntArray:
        """Count how many of each class a choice has where, shape (classes, municipalities)."""
        out = np.zeros(self.open.shape, dtype=np.int64)
        placed = choice != UNPLACED
        np.add.at(out, (self.of_unit[placed], choice[placed]), 1)
        return out

    def _alike(self) -> bool:
        """Check the digests' word: every unit has the values of its class."""
        program, leader = self.program, self.first[self.of_unit]
        same_open = (program.open == program.open[leader]).all()
        differ = (program.points != program.points[leader]) & program.open
        return bool(same_open and not differ.any())


def _digest(program: Program) -> IntArray:
    """Two whole numbers for each unit that differ, in all likelihood, where its values do."""
    random = np.random.Generator(np.random.PCG64(1))
    mixer = random.integers(1, 2**62, size=(program.shape[1], 2)) * 2 + 1
    values = np.where(program.open, program.points * 2 + 1, 0)
    with np.errstate(over="ignore"):
        return np.asarray(values @ mixer)
