"""A municipality: its ledger of places, its dwellings and its services."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from matcher.domain.answer import Answer
from matcher.domain.ledger import NOTHING_KNOWN, Ledger
from matcher.domain.need_entry import with_needs
from matcher.domain.needs import HouseholdNeeds, PersonNeeds
from matcher.domain.planned_week import PlannedWeek

DEFAULT_LEAD_DAYS = 30
"""Days from acceptance to arrival where a municipality has not said; an assumption."""
QUARTILE_BOUNDS_PER_CENT = (41, 57, 72.5)
"""Bounds between the quartiles, in per cent who have moved on.

The report has no quartile for shares from 72 to 73; the bound is set in the middle.
"""


class OutMigrationQuartile(StrEnum):
    """Out-migration quartile of earlier refugees, Fafo 2025:14, table 4."""

    LOW = "low"
    MEDIUM_LOW = "medium low"
    MEDIUM_HIGH = "medium high"
    HIGH = "high"

    @classmethod
    def from_share(cls, per_cent: float) -> "OutMigrationQuartile":
        """Return the quartile of the share of earlier refugees who have moved on, in per cent.

        The report's quartiles are 10-41, 41-57, 57-72 and 73-100 per cent.

        Raises
        ------
        ValueError
            When the share is not from 0 to 100.
        """
        if not 0 <= per_cent <= 100:
            raise ValueError(f"an out-migration share is from 0 to 100 per cent, not {per_cent}")
        return list(cls)[bisect_right(QUARTILE_BOUNDS_PER_CENT, per_cent)]


@dataclass(frozen=True, slots=True)
class Dwelling:
    """A free home in a municipality.

    Parameters
    ----------
    id : str
        Opaque identifier, unique in the instance.
    beds : int
        Number of persons that the home houses.
    step_free : Answer
        Whether the home can be used without steps; unknown does not count as step-free.
    available_from : date or None
        First day on which the home is free; None means today.
    place : str or None
        Town or village.
    """

    id: str
    beds: int
    step_free: Answer = Answer.UNKNOWN
    available_from: date | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
@with_needs(before="minors_setup", default=Answer.UNKNOWN)
class Municipality(PersonNeeds[Answer], HouseholdNeeds[Answer]):
    """One of Norway's municipalities, keyed by its four-digit number as text.

    The fields of :mod:`~matcher.domain.needs` say whether it has the service that meets the
    need, such as ``lar``; they are given by name and unknown by default.

    Parameters
    ----------
    number, name : str
        ``"0301"``, ``"Oslo"``.
    county, county_number, landsdel : str
        County, its two-digit number, and part of the country.
    population : int or None
        Persons.
    centrality : int or None
        Statistics Norway's class, 1 (most central) to 6.
    seat : str
        Town of the municipal administration.
    latitude, longitude : float or None
        Coordinates of the seat, degrees WGS 84.
    ledger : Ledger
        Capacity in persons this year.
    next_ledger : Ledger
        Capacity in persons next year, for those who move in then.
    monthly_pace : float or None
        Persons that it has settled a month; None means that published figures are used.
    earliest : date or None
        First day on which the municipality can receive anyone; None means today.
    lead_days : int or None
        Days from acceptance to arrival; None means that the default lead time is used.
    minors_setup : Answer
        Whether it has a set-up for unaccompanied minors.
    interpreter_languages : tuple of str or None
        Languages for which it has an interpreter; None when not known, ``("*",)`` for all.
    higher_education, public_transport, reception_centre : Answer
        What else is in the municipality.
    hospitals : tuple of str
        Names of acute hospitals in the municipality.
    reports_dwellings : Answer
        Yes when ``dwellings`` is the complete list of free homes (which may be empty).
    dwellings : tuple of Dwelling
        Free homes.
    weeks : tuple of PlannedWeek
        Its plan by weeks; empty when it has reported none. A week that is not in it is not known.
    immigrant_share : float or None
        Per cent of the population.
    quartile : OutMigrationQuartile or None
        Out-migration of earlier refugees.
    continuous : Answer
        Whether it has settled refugees without a break of three years or more.
    communities : tuple of (str, int)
        Language, and number of persons in the municipality who speak it.
    jobs : tuple of (str, float)
        Occupation group, and number of its jobs relative to the country's average.
    """

    number: str
    name: str
    county: str = ""
    county_number: str = ""
    landsdel: str = ""
    population: int | None = None
    centrality: int | None = None
    seat: str = ""
    latitude: float | None = None
    longitude: float | None = None
    ledger: Ledger = NOTHING_KNOWN
    next_ledger: Ledger = NOTHING_KNOWN
    monthly_pace: float | None = None
    earliest: date | None = None
    lead_days: int | None = None
    minors_setup: Answer = Answer.UNKNOWN
    interpreter_languages: tuple[str, ...] | None = None
    higher_education: Answer = Answer.UNKNOWN
    public_transport: Answer = Answer.UNKNOWN
    reception_centre: Answer = Answer.UNKNOWN
    hospitals: tuple[str, ...] = ()
    reports_dwellings: Answer = Answer.UNKNOWN
    dwellings: tuple[Dwelling, ...] = ()
    weeks: tuple[PlannedWeek, ...] = ()
    immigrant_share: float | None = None
    quartile: OutMigrationQuartile | None = None
    continuous: Answer = Answer.UNKNOWN
    communities: tuple[tuple[str, int], ...] = ()
    jobs: tuple[tuple[str, float], ...] = ()
