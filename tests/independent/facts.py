"""Words, groups and small questions that the second evaluator asks of the frozen values."""

import math
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import matcher
from matcher.domain import (
    Answer,
    BanReason,
    Household,
    Instance,
    Municipality,
    Person,
    Wish,
    WishKind,
)

TABLES = Path(matcher.__file__).parent / "stay" / "coefficients"
LANDSDELER = ("Nord-Norge", "Trøndelag", "Vestlandet", "Sørlandet", "Østlandet")
CLASSES = ("1", "2", "3", "4", "5", "6")
SIZES = (
    (2000, "under 2000"),
    (5000, "2000-4999"),
    (10000, "5000-9999"),
    (20000, "10000-19999"),
    (50000, "20000-49999"),
    (math.inf, "50000+"),
)
QUARTILES = ("low", "medium low", "medium high", "high")
SERVICES = (
    "upper_secondary",
    "lar",
    "step_free",
    "specialist_care",
    "special_schooling",
    "crisis_setup",
)
BANS = {
    "ban": BanReason.CASEWORKER,
    "refusal": BanReason.REFUSED,
    "address_protection": BanReason.ADDRESS_PROTECTION,
    "security": BanReason.SECURITY,
}
DEMANDING = (
    "hospital",
    "lar",
    "step_free",
    "specialist_care",
    "special_schooling",
    "crisis_setup",
)
Places = Sequence[int | None]
"""Place in the list of municipalities of each unit, None for none."""


def thousandths(points: float) -> int:
    """Points in thousandths, halves to the even one."""
    return round(points * 1000)


def wish_counts(wish: Wish, m: Municipality) -> int:
    """1 for a wished place, -1 for one to avoid, 0 for any other or one of which nothing is known.

    A county or landsdel without a name, and a centrality that is not given, are not known.
    """
    belongs = {
        WishKind.MUNICIPALITY: m.number,
        WishKind.COUNTY: m.county_number,
        WishKind.LANDSDEL: m.landsdel,
        WishKind.CENTRALITY: "" if m.centrality is None else str(m.centrality),
    }
    there = bool(wish.value) and belongs[wish.kind] == wish.value
    return (1 if wish.wanted else -1) if there else 0


SPREADS = ("plan_adherence", "landsdel_share", "centrality_share", "fair_shares", "concentration")


def together(plan: Places, place: int) -> list[int]:
    """Units that a plan places in a municipality."""
    return [u for u, p in enumerate(plan) if p == place]


def people(households: list[Household]) -> list[Person]:
    """All persons of some households."""
    return [p for h in households for p in h.members]


def aged(instance: Instance) -> Instance:
    """The instance with everyone's age of today, in full years that are certainly lived."""
    queue = [
        replace(h, members=tuple(replace(p, age=age(p, instance.today)) for p in h.members))
        for h in instance.households
    ]
    return instance.replace(households=tuple(queue))


def age(person: Person, today: date) -> int | None:
    """Birthdays that have certainly passed: the last day of the month of birth counts as one."""
    if person.birth_year is None:
        years = today.year - person.age_stated_on.year if person.age_stated_on else 0
        if person.age_stated_on and today.timetuple()[1:3] < person.age_stated_on.timetuple()[1:3]:
            years -= 1
        return None if person.age is None else max(0, person.age + years)
    month = person.birth_month or 12
    birthdays = (
        date(year, month, monthrange(year, month)[1]) for year in range(person.birth_year + 1, 2200)
    )
    return sum(day <= today for day in birthdays)


def child(person: Person) -> bool:
    """A person under 18; an unaccompanied minor is one even where the age is not known."""
    return person.age < 18 if person.age is not None else person.unaccompanied


def minors(households: list[Household]) -> int:
    """Unaccompanied minors who have no adult with them."""
    persons = people(households)
    if any(p.age is not None and p.age >= 18 for p in persons):
        return 0
    return sum(p.unaccompanied for p in persons)


def in_homes(households: list[Household]) -> list[Household]:
    """Households that need a home of their own: all but those of minors who surely have no adult.

    Whoever is of unknown age may be the adult, and then the minor lives at home too.
    """
    if any(not p.unaccompanied if p.age is None else p.age >= 18 for p in people(households)):
        return households
    return [h for h in households if any(not p.unaccompanied for p in h.members)]


def adult_driver(persons: list[Person]) -> Answer:
    """No where there is an adult and every one is known to have no licence; otherwise not known."""
    grown = [p for p in persons if p.age is None or p.age >= 18]
    return Answer.NO if grown and all(p.licence is Answer.NO for p in grown) else Answer.UNKNOWN


def no_interpreter(person: Person, m: Municipality) -> bool:
    """Whether a person who needs an interpreter is known to find none."""
    if person.interpreter is not Answer.YES or m.interpreter_languages is None:
        return False
    if not person.languages:
        return not m.interpreter_languages
    if "*" in m.interpreter_languages:
        return False
    return not set(person.languages) & set(m.interpreter_languages)


def suits(household: Household, home) -> bool:
    """Whether a home is large enough for a household, and without steps where that is needed."""
    steps = any(p.step_free is Answer.YES for p in household.members)
    return home.beds >= len(household.members) and (home.step_free is Answer.YES or not steps)


def target(household: Household) -> date | None:
    """The stated deadline; else six months from permission, three for unaccompanied minors."""
    if household.deadline is not None or household.permission is None:
        return household.deadline
    alone = [p for p in household.members if p.unaccompanied]
    return household.permission + timedelta(days=90 if alone else 180)


def days_from(instance: Instance, day) -> int:
    """Days from today, below 0 for the past; 0 for no day at all."""
    return 0 if day is None else (day - instance.today).days


def days(instance: Instance, day) -> int:
    """Days from today until a day, 0 when it is past or there is none."""
    return max(0, days_from(instance, day))


def kilometres(one: Municipality, other: Municipality) -> float:
    """Great-circle distance between two seats."""
    a, b = math.radians(one.latitude), math.radians(other.latitude)
    apart = math.radians(other.longitude - one.longitude)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(apart / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(half))


def half_up(value: Fraction) -> int:
    """To the nearest whole number, halves upwards."""
    return math.floor(value + Fraction(1, 2))


def exact(written: float) -> Fraction:
    """A policy's number as it is written: 0.1 is a tenth."""
    return Fraction(str(written))


def around(total: int, target: Fraction, slack: Fraction, term: dict) -> int:
    """Cost in thousandths of being off a target: one rate within the slack, a steeper beyond.

    Target and slack are each rounded to whole persons, halves upwards.
    """
    near = 1000 * 1000 * term["stayers_per_person"]
    off = abs(total - half_up(target))
    within = min(off, half_up(slack))
    return round(near * within + near * term["steep"] * (off - within))
