"""The words that the codes in the tables stand for, in a fixed order."""

from collections.abc import Iterable, Mapping

from matcher.domain.household import HouseholdType
from matcher.domain.instance import Instance
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


def list_languages(instance: Instance) -> tuple[str, ...]:
    """List every language that a member speaks or a municipality mentions, sorted."""
    spoken = {word for h in instance.households for p in h.members for word in p.languages}
    interpreted = {w for m in instance.municipalities for w in m.interpreter_languages or ()}
    in_communities = {word for m in instance.municipalities for word, _ in m.communities}
    return tuple(sorted((spoken | interpreted | in_communities) - {"*"}))


def list_occupations(instance: Instance) -> tuple[str, ...]:
    """List every occupation group that a member has or a municipality mentions, sorted."""
    of_members = {p.occupation for h in instance.households for p in h.members if p.occupation}
    return tuple(sorted(of_members | {word for m in instance.municipalities for word, _ in m.jobs}))


def list_hospitals(instance: Instance) -> tuple[str, ...]:
    """List every hospital that a municipality, travel time or member names, sorted."""
    located = {name for m in instance.municipalities for name in m.hospitals}
    reachable = {travel_time.hospital for travel_time in instance.travel_times}
    needed = {p.hospital_name for h in instance.households for p in h.members if p.hospital_name}
    return tuple(sorted(located | reachable | needed))
