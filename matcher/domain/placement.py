"""A plan: the municipality of each placed household; a household may have none."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Placement:
    """A household placed in a municipality.

    Parameters
    ----------
    household, municipality : str
        Identifier and four-digit number.
    earliest : date or None
        First day on which the household can move in, given everything known.
    """

    household: str
    municipality: str
    earliest: date | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Placements for a queue, at most one for each household.

    Raises
    ------
    ValueError
        When a household is placed twice.
    """

    placements: tuple[Placement, ...] = ()

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for placement in self.placements:
            if placement.household in seen:
                raise ValueError(f"household {placement.household} is placed twice in the plan")
            seen.add(placement.household)

    def __len__(self) -> int:
        return len(self.placements)

    def __iter__(self) -> Iterator[Placement]:
        return iter(self.placements)

    @property
    def municipality_of(self) -> Mapping[str, str]:
        """Municipality number by household identifier."""
        return {placement.household: placement.municipality for placement in self.placements}
