"""The words that the codes in the tables stand for, and how identifiers of units are joined."""

from collections.abc import Iterable, Mapping

from matcher.domain.household import HouseholdType, WishKind
from matcher.domain.municipality import OutMigrationQuartile
from matcher.domain.person import ImmigrationGround, Sex

LINK_SIGN = "+"
"""Separator in the identifier of a unit of linked households."""


def split_unit(unit: str) -> list[str]:
    """Return the households of a placing unit, whose identifier joins theirs: ``A+B``."""
    return unit.split(LINK_SIGN)


def check_identifiers(identifiers: Iterable[str]) -> None:
    """Check that identifiers are unique and can be joined.

    Raises
    ------
    ValueError
        When two identifiers are equal, or one is empty or contains ``LINK_SIGN``.
    """
    seen: set[str] = set()
    for identifier in identifiers:
        if identifier in seen:
            raise ValueError(f"household {identifier!r} is in the queue twice")
        if LINK_SIGN in identifier or not identifier:
            raise ValueError(
                f"household {identifier!r}: an identifier is not empty and has no {LINK_SIGN!r}, "
                "which joins those of linked households"
            )
        seen.add(identifier)


class MunicipalityLookup:
    """Rows of municipalities by number.

    Parameters
    ----------
    row_of : mapping of str to int
        Row by four-digit number.
    """

    def __init__(self, row_of: Mapping[str, int]) -> None:
        self.row_of = row_of

    def optional(self, number: str | None) -> int:
        """Return the row of a municipality, -1 for none or one that does not exist."""
        return -1 if number is None else self.row_of.get(number, -1)

    def row(self, number: str, household: str, field: str) -> int:
        """Return the row of the municipality that a field of a household names.

        Raises
        ------
        ValueError
            When there is no such municipality.
        """
        if number not in self.row_of:
            raise ValueError(
                f"household {household}: {field} {number!r} is not a municipality of this instance"
            )
        return self.row_of[number]


SEXES = (Sex.MAN, Sex.WOMAN)
ORIGINS = (
    "Syria",
    "Eritrea",
    "Somalia",
    "Afghanistan",
    "Sudan",
    "Iran",
    "Ethiopia",
    "Iraq",
    "other country",
)
"""Origin groups of Fafo 2025:14, table 4; any other origin counts as other country."""
GROUNDS = (ImmigrationGround.ASYLUM, ImmigrationGround.RESETTLEMENT, ImmigrationGround.OTHER)
HOUSEHOLD_TYPES = tuple(HouseholdType)
QUARTILES = tuple(OutMigrationQuartile)
LANDSDELER = ("Nord-Norge", "Trøndelag", "Vestlandet", "Sørlandet", "Østlandet")


def number_words(words: Iterable[str]) -> Mapping[str, int]:
    """Number the words in their order, from 0."""
    return {word: code for code, word in enumerate(words)}


def origin_code(origin: str) -> int:
    """Return the code of an origin group, -1 when it is not known."""
    known = number_words(ORIGINS)
    return -1 if origin == "unknown" else known.get(origin, known["other country"])


def place_codes(
    row_of: Mapping[str, int], counties: Iterable[str]
) -> Mapping[WishKind, Mapping[str, int]]:
    """Return the codes of all places that a wish can be about, by kind of wish.

    Parameters
    ----------
    row_of : mapping of str to int
        Row of each municipality by its number.
    counties : iterable of str
        Numbers of the counties, in their order.
    """
    return {
        WishKind.MUNICIPALITY: row_of,
        WishKind.COUNTY: number_words(counties),
        WishKind.LANDSDEL: number_words(LANDSDELER),
        WishKind.CENTRALITY: {str(number): number for number in range(1, 7)},
    }
