"""What is true in a made-up register: why its persons move."""

from collections.abc import Mapping
from dataclasses import dataclass, field

PAIRS = ("school_soon", "rural_or_urban")
"""Pair effects that a register can have: their names are those of the pair effects of a policy."""
BY_YEAR = (0.04, 0.09, 0.13, 0.15, 0.16, 0.22, 0.21)
"""Of those who move within seven years, the share in each year.

Together 57 % in the first five, as 20 is of 35; few in the first year, most in the sixth
(Fafo 2025:14, 3.4). The single years are made up.
"""


@dataclass(frozen=True, slots=True)
class Truth:
    """Why persons of a made-up register move within seven years.

    Parameters
    ----------
    place : float
        What table 4's effects of the municipality are multiplied by; 0 makes all places alike.
    pairs : mapping of str to float
        What a perfect fit of household and municipality takes off the probability of moving, and
        a misfit adds, by pair effect.
    between : float
        Standard deviation of what each municipality adds beside its known facts, in probability.
    lost : float
        Share who emigrate or die each year and are followed no longer, 0-1.
    """

    place: float = 1.0
    pairs: Mapping[str, float] = field(default_factory=dict)
    between: float = 0.02
    lost: float = 0.0

    @classmethod
    def nowhere_better(cls) -> "Truth":
        """A world in which no placement changes anything: only the person decides."""
        return cls(place=0.0, between=0.0)

    def __post_init__(self) -> None:
        unknown = sorted(set(self.pairs) - set(PAIRS))
        if unknown:
            raise ValueError(f"{unknown[0]!r} is no pair effect of a register; use {PAIRS}")
        if not 0 <= self.lost < 1 or self.between < 0:
            raise ValueError(
                f"lost is {self.lost} and between {self.between}; "
                "give a share below 1, and a standard deviation of at least 0"
            )
