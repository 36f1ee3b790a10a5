"""What the tasks on a block return: small sums and choices, which are added up over blocks."""

from dataclasses import dataclass

from matcher.domain.tables.array_types import FloatArray, IntArray
from matcher.problem.program import Program, Resource, Spread


@dataclass(frozen=True, eq=False)
class QueueTotals:
    """Limits that all blocks share, and totals over the units of the queue.

    Parameters
    ----------
    empty_program : Program
        Program with the resources and spreads, but no units.
    units, open_units, persons : int
        Number of all units, of units with an open pair, and of persons.
    max_weight : int
        Level-1 value if every unit with an open pair were placed, in thousandths.
    total_use : tuple of int array, shape (layers,)
        Total use of each resource, then of each spread.
    max_price_of_weight : float
        Highest price that staying unplaced can be worth, in points per thousandth of weight.
    """

    empty_program: Program
    units: int
    open_units: int
    persons: int
    max_weight: int
    total_use: tuple[IntArray, ...]
    max_price_of_weight: float

    def joined(self, addend: "QueueTotals") -> "QueueTotals":
        """Add the units of another block."""
        return QueueTotals(
            self.empty_program,
            self.units + addend.units,
            self.open_units + addend.open_units,
            self.persons + addend.persons,
            self.max_weight + addend.max_weight,
            tuple(
                first + second
                for first, second in zip(self.total_use, addend.total_use, strict=True)
            ),
            max(self.max_price_of_weight, addend.max_price_of_weight),
        )


@dataclass(frozen=True, eq=False)
class PricedBlockSums:
    """Sums of a pricing pass over a block.

    Parameters
    ----------
    exact_value : float
        Exact sum of the units' best net values, in points.
    smooth_value : float
        The smoothed sum; equal to ``exact_value`` at temperature 0.
    demand : tuple of float array, shape (groups, layers) each
        Use of each resource, then of each spread.
    """

    exact_value: float
    smooth_value: float
    demand: tuple[FloatArray, ...]

    def joined(self, addend: "PricedBlockSums") -> "PricedBlockSums":
        """Add another block."""
        demand = tuple(
            first + second for first, second in zip(self.demand, addend.demand, strict=True)
        )
        return PricedBlockSums(
            self.exact_value + addend.exact_value, self.smooth_value + addend.smooth_value, demand
        )


@dataclass(frozen=True, eq=False)
class BlockScore:
    """Recomputed worth of a block's choice: closed pairs, values in thousandths, use."""

    closed_pairs: int
    weight: int
    value: int
    persons: int
    use: tuple[IntArray, ...]

    def joined(self, addend: "BlockScore") -> "BlockScore":
        """Add another block."""
        return BlockScore(
            self.closed_pairs + addend.closed_pairs,
            self.weight + addend.weight,
            self.value + addend.value,
            self.persons + addend.persons,
            tuple(first + second for first, second in zip(self.use, addend.use, strict=True)),
        )


@dataclass(frozen=True, eq=False)
class BlockBids:
    """Bids of a block's units, best options first.

    Parameters
    ----------
    units : int
        Number of units of the block, whether they bid or not.
    unit : int array, shape (bidders,)
        Row of each bidder in the block.
    options : int array, shape (bidders, options)
        Municipalities from best to worst; ``UNPLACED`` where there is no further option.
    regret : float array, shape (bidders,)
        Points by which the second best option is worse than the best.
    size : int array, shape (bidders,)
    use : tuple of int array, shape (bidders, layers) each
    """

    units: int
    unit: IntArray
    options: IntArray
    regret: FloatArray
    size: IntArray
    use: tuple[IntArray, ...]


def list_components(program: Program) -> list[Resource | Spread]:
    """Return resources, then spreads."""
    return [*program.resources, *program.spreads]


def count_groups(part: Resource | Spread) -> int:
    """Count the groups of a resource or a spread."""
    return len(part.limit if isinstance(part, Resource) else part.base)
