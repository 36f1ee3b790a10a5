"""The words behind the codes in the tables, in a fixed order."""

from collections.abc import Iterable, Mapping

from matcher.domain import Ground, HouseholdType, Instance, Quartile, Sex

SEXES = (Sex.MAN, Sex.WOMAN)
ORIGINS = (
    "Syria", "Eritrea", "Somalia", "Afghanistan", "Sudan", "Iran", "Ethiopia", "Iraq",
    "other country",
)  # fmt: skip
"""Origin groups of Fafo 2025:14, table 4; an origin outside them counts as other country."""
GROUNDS = (Ground.ASYLUM, Ground.RESETTLEMENT, Ground.OTHER)
TYPES = tuple(HouseholdType)
QUARTILES = tuple(Quartile)
LANDSDELER = ("Nord-Norge", "Trøndelag", "Vestlandet", "Sørlandet", "Østlandet")


def codes(words: Iterable[str]) -> Mapping[str, int]:
    """Give each word its place in the order."""
    return {word: code for code, word in enumerate(words)}


def origin_code(origin: str) -> int:
    """Code of an origin group, -1 when it is not known."""
    known = codes(ORIGINS)
    return -1 if origin == "unknown" else known.get(origin, known["other country"])


def languages_of(instance: Instance) -> tuple[str, ...]:
    """Every language that a member speaks or a municipality mentions, sorted."""
    spoken = {w for h in instance.households for p in h.members for w in p.languages}
    heard = {w for m in instance.municipalities for w in m.interpreter_languages or ()}
    lived = {w for m in instance.municipalities for w, _ in m.communities}
    return tuple(sorted((spoken | heard | lived) - {"*"}))


def occupations_of(instance: Instance) -> tuple[str, ...]:
    """Every occupation group that a member has or a municipality mentions, sorted."""
    had = {p.occupation for h in instance.households for p in h.members if p.occupation}
    return tuple(sorted(had | {w for m in instance.municipalities for w, _ in m.jobs}))


def hospitals_of(instance: Instance) -> tuple[str, ...]:
    """Every hospital that is placed, travelled to or needed by name, sorted."""
    placed = {w for m in instance.municipalities for w in m.hospitals}
    travelled = {t.hospital for t in instance.travel_times}
    named = {p.hospital_name for h in instance.households for p in h.members if p.hospital_name}
    return tuple(sorted(placed | travelled | named))
