"""The words that the codes in the tables stand for, in a fixed order."""

from collections.abc import Iterable, Mapping

from matcher.domain.household import HouseholdType
from matcher.domain.municipality import OutMigrationQuartile
from matcher.domain.person import ImmigrationGround, Sex

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
