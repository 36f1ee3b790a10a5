"""The truth of a simulated register: why its persons move."""

from collections.abc import Mapping
from dataclasses import dataclass, field

TRUE_PAIR_EFFECTS = ("school_soon", "rural_or_urban")
"""Pair effects that a register can have, with the same names as in a policy."""
MOVE_YEAR_SHARES = (0.04, 0.09, 0.13, 0.15, 0.16, 0.22, 0.21)
"""Share of moves in each year, among persons who move within seven years.

57 % move in the first five years (20 of 35), few in the first year, most in the sixth
(Fafo 2025:14, 3.4). The numbers of single years are made up.
"""


@dataclass(frozen=True, slots=True)
class SimulationTruth:
    """Why persons of a simulated register move within seven years.

    Parameters
    ----------
    place_factor : float
        Factor of table 4's effects of the municipality; 0 makes all places equal.
    pair_sizes : mapping of str to float
        By pair effect: the amount that a perfect fit of household and municipality subtracts from
        the probability of moving, and a misfit adds.
    between : float
        Standard deviation of a municipality's effect beyond known facts, in probability.
    lost : float
        Share who emigrate or die each year and are then lost to follow-up, 0-1.
    """

    place_factor: float = 1.0
    pair_sizes: Mapping[str, float] = field(default_factory=dict)
    between: float = 0.02
    lost: float = 0.0

    @classmethod
    def with_equal_places(cls) -> "SimulationTruth":
        """Return a truth in which places have no effect: only facts of the person matter."""
        return cls(place_factor=0.0, between=0.0)

    def __post_init__(self) -> None:
        unknown = sorted(set(self.pair_sizes) - set(TRUE_PAIR_EFFECTS))
        if unknown:
            raise ValueError(
                f"{unknown[0]!r} is no pair effect of a register; use {TRUE_PAIR_EFFECTS}"
            )
        if not 0 <= self.lost < 1 or self.between < 0:
            raise ValueError(
                f"lost is {self.lost} and between {self.between}; "
                "give a share below 1, and a standard deviation of at least 0"
            )
