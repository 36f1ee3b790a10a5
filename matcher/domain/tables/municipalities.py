"""Municipalities as columns, and travel times by road estimated from coordinates."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from matcher.domain.need_entry import with_needs
from matcher.domain.needs import HouseholdNeeds, PersonNeeds
from matcher.domain.tables.array_types import BoolArray, FloatArray, IntArray, StrArray
from matcher.domain.tables.ragged import RaggedRows


@dataclass(frozen=True, eq=False)
class DwellingRows(RaggedRows):
    """Free homes: beds, whether known to be step-free, and days from today until free."""

    beds: IntArray
    step_free: BoolArray
    days_to_free: IntArray

    @cached_property
    def cache(self) -> dict[Any, Any]:
        """Cache for values computed from these homes alone, by a key of the caller's own."""
        return {}


@dataclass(frozen=True, eq=False)
class WeekRows(RaggedRows):
    """Plans by weeks: days from today to each Monday (below 0 for this week), and persons.

    Weeks that have passed are left out; the weeks of a municipality are in order.
    """

    monday: IntArray
    persons: IntArray

    @cached_property
    def cache(self) -> dict[Any, Any]:
        """Cache for values computed from these weeks alone, by a key of the caller's own."""
        return {}


@dataclass(frozen=True, eq=False)
@with_needs(before="minors_setup")
class MunicipalityTable(PersonNeeds[IntArray], HouseholdNeeds[IntArray]):
    """Municipalities, one row each; services hold the values of :class:`Answer`.

    The service of each need of :mod:`~matcher.domain.needs` is a column, shape (municipalities,).

    Parameters
    ----------
    number, name, county, county_number, landsdel : str array, shape (municipalities,)
        Four-digit number and names; the county's two-digit number.
    centrality, population : int array, shape (municipalities,)
        Class 1-6 (0 unknown); persons (-1 unknown).
    latitude, longitude : float array, shape (municipalities,)
        Degrees; not-a-number when not known.
    year : int
        The year of the day from which days are counted.
    days_to_next_year : int
        Days from today until 1 January.
    next_year : bool array, shape (municipalities,)
        Whether its first arrivals are next year. Their ledger is then next year's: in all columns
        that follow, and for everybody who comes.
    decided, settled, promised : int array, shape (municipalities,)
        The ledger in persons; 0 where a number is missing, so that the ledger counts nowhere.
    open, minors_open : int array, shape (municipalities,)
        Open places in persons: never below 0 here, and 0 where a number is missing.
    gap, minors_gap : int array, shape (municipalities,)
        Which number is missing, as :class:`~matcher.domain.ledger.LedgerGap`.
    open_next, minors_open_next, gap_next, minors_gap_next : int array, shape (municipalities,)
        The same of next year's ledger, for those who cannot move this year themselves.
    receive_now : int array, shape (municipalities,)
        Persons that it can receive at present; -1 when it has not said.
    asked_for, minors_asked_for : int array, shape (municipalities,)
        Persons, and unaccompanied minors among them, whose proposals await its answer.
    on_the_way : int array, shape (municipalities,)
        Persons promised and not yet settled, for this year and next, as far as reported.
    pace : float array, shape (municipalities,)
        Persons that it has settled a month, not-a-number when not known.
    days_to_receive, lead_days : int array, shape (municipalities,)
        Days from today until it can receive anyone; days from acceptance to arrival (-1 when it
        has not said).
    interpreter : int array, shape (municipalities, languages)
        Whether it has an interpreter, by language.
    hospitals : tuple of str
        Names in the order of the columns of ``hospital_minutes`` and ``hospital_supplied``.
    hospital_minutes : float array, shape (municipalities, hospitals)
        Travel time from the seat, not-a-number when neither supplied nor to be estimated.
    hospital_supplied : bool array, shape (municipalities, hospitals)
        False where the travel time is an estimate from coordinates.
    dwellings : DwellingRows
        Free homes.
    reports_dwellings : int array, shape (municipalities,)
        Yes where ``dwellings`` is complete.
    weeks : WeekRows
        Plans by weeks, of the municipalities that have reported one.
    immigrant_share : float array, shape (municipalities,)
        Per cent, not-a-number when not known.
    quartile : int array, shape (municipalities,)
        Out-migration quartile 0-3, -1 unknown.
    communities : int array, shape (municipalities, languages)
        Persons in the municipality who speak the language.
    jobs : float array, shape (municipalities, occupations)
        Jobs relative to the country's average, not-a-number when not known.
    languages, occupations, counties : tuple of str
        The vocabularies; counties by number.
    """

    number: StrArray
    name: StrArray
    county: StrArray
    county_number: StrArray
    landsdel: StrArray
    centrality: IntArray
    population: IntArray
    latitude: FloatArray
    longitude: FloatArray
    year: int
    days_to_next_year: int
    next_year: BoolArray
    decided: IntArray
    settled: IntArray
    promised: IntArray
    open: IntArray
    minors_open: IntArray
    gap: IntArray
    minors_gap: IntArray
    open_next: IntArray
    minors_open_next: IntArray
    gap_next: IntArray
    minors_gap_next: IntArray
    receive_now: IntArray
    asked_for: IntArray
    minors_asked_for: IntArray
    on_the_way: IntArray
    pace: FloatArray
    days_to_receive: IntArray
    lead_days: IntArray
    minors_setup: IntArray
    higher_education: IntArray
    public_transport: IntArray
    reception_centre: IntArray
    continuous: IntArray
    reports_dwellings: IntArray
    quartile: IntArray
    immigrant_share: FloatArray
    interpreter: IntArray
    communities: IntArray
    jobs: FloatArray
    hospital_minutes: FloatArray
    hospital_supplied: BoolArray
    dwellings: DwellingRows
    weeks: WeekRows
    hospitals: tuple[str, ...]
    languages: tuple[str, ...]
    occupations: tuple[str, ...]
    counties: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.number)

    @cached_property
    def row_of(self) -> dict[str, int]:
        """Row by four-digit number."""
        return {str(number): row for row, number in enumerate(self.number)}

    @cached_property
    def minutes_between(self) -> FloatArray:
        """Estimated travel time between seats, shape (municipalities, municipalities).

        Not-a-number where a seat's coordinates are not known.
        """
        seats = (self.latitude, self.longitude)
        return estimate_minutes(distance_km(*seats, *seats))

    @cached_property
    def nearest_hospital_minutes(self) -> FloatArray:
        """Travel time to the nearest hospital, shape (municipalities,); infinite without any."""
        known = np.where(np.isnan(self.hospital_minutes), np.inf, self.hospital_minutes)
        return np.asarray(known.min(axis=1, initial=np.inf))

    def copy_cached_from(self, other: "MunicipalityTable") -> None:
        """Take over what another table has computed that differs from this one in capacity only."""
        # Cached properties do not depend on capacity, and are slow to compute again.
        computed = {name: value for name, value in vars(other).items() if name in CACHED_PROPERTIES}
        vars(self).update(computed)

    @cached_property
    def cache(self) -> dict[Any, Any]:
        """Cache for values computed from all columns but capacity, by a key of the caller's own."""
        return {}


CACHED_PROPERTIES = tuple(
    name for name, member in vars(MunicipalityTable).items() if isinstance(member, cached_property)
)
"""Properties of the table that are computed on first use."""
EARTH_RADIUS_KM = 6371.0


DETOUR_FACTOR = 1.4
"""Road distance divided by straight-line distance, an assumption.

Ferries and fjords make it larger in places.
"""


KM_PER_HOUR = 62.0
"""Average speed by road, an assumption."""


def distance_km(
    latitude: FloatArray, longitude: FloatArray, to_latitude: FloatArray, to_longitude: FloatArray
) -> FloatArray:
    """Great-circle distances in kilometres by the haversine formula, shape (from, to).

    Parameters
    ----------
    latitude, longitude : float array, shape (from,)
        Degrees WGS 84.
    to_latitude, to_longitude : float array, shape (to,)
        Degrees WGS 84.
    """
    lat, lon, to_lat, to_lon = map(np.radians, (latitude, longitude, to_latitude, to_longitude))
    haversine = (
        np.sin((to_lat[None, :] - lat[:, None]) / 2) ** 2
        + np.cos(lat)[:, None]
        * np.cos(to_lat)[None, :]
        * np.sin((to_lon[None, :] - lon[:, None]) / 2) ** 2
    )
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(haversine, 0.0, 1.0))))


def estimate_minutes(distance: FloatArray) -> FloatArray:
    """Estimated travel time by road in whole minutes for straight-line kilometres."""
    return np.asarray(np.rint(distance * DETOUR_FACTOR / KM_PER_HOUR * 60.0))
