"""Build the municipality table, with the languages, occupations and hospitals in use."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any

import numpy as np

from matcher.domain.answer import Answer
from matcher.domain.instance import Instance
from matcher.domain.ledger import NOTHING_KNOWN, Ledger
from matcher.domain.municipality import DEFAULT_LEAD_DAYS, Municipality
from matcher.domain.planned_week import start_of_week
from matcher.domain.tables.array_types import BoolArray, FloatArray, IntArray, StrArray
from matcher.domain.tables.municipalities import (
    DwellingRows,
    MunicipalityTable,
    WeekRows,
    distance_km,
    estimate_minutes,
)
from matcher.domain.tables.settled_pace import published_pace
from matcher.domain.tables.vocabulary import QUARTILES, number_words


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


ANSWER_COLUMNS = tuple(f.name for f in fields(Municipality) if f.type is Answer)
TEXT_COLUMNS = ("number", "name", "county", "county_number", "landsdel")


def build_municipality_table(instance: Instance) -> MunicipalityTable:
    """Build the municipality table of an instance; nothing is asked of anyone in it yet."""
    ms = instance.municipalities
    languages, occupations = list_languages(instance), list_occupations(instance)
    hospitals = list_hospitals(instance)
    minutes, supplied = _hospital_minutes(instance, hospitals)
    latitude, longitude = _coordinates(ms)
    quartile = number_words(QUARTILES)
    answers: dict[str, Any] = {name: _integers(ms, _getter(name)) for name in ANSWER_COLUMNS}
    words: dict[str, Any] = {name: _words(ms, name) for name in TEXT_COLUMNS}
    return MunicipalityTable(
        **words,
        **answers,
        **_ledger(ms, instance.today),
        asked_for=np.zeros(len(ms), dtype=np.int64),
        minors_asked_for=np.zeros(len(ms), dtype=np.int64),
        centrality=_integers(ms, lambda m: m.centrality or 0),
        population=_integers(ms, lambda m: -1 if m.population is None else m.population),
        latitude=latitude,
        longitude=longitude,
        pace=_floats(_monthly_pace(m) for m in ms),
        days_to_receive=_integers(ms, lambda m: _days_until(m.earliest, instance.today)),
        lead_days=_integers(ms, lambda m: -1 if m.lead_days is None else m.lead_days),
        quartile=_integers(ms, lambda m: -1 if m.quartile is None else quartile[m.quartile]),
        immigrant_share=_floats(m.immigrant_share for m in ms),
        interpreter=_interpreters(ms, languages),
        communities=_matrix((m.communities for m in ms), languages, 0).astype(np.int64),
        jobs=_matrix((m.jobs for m in ms), occupations, np.nan),
        hospital_minutes=minutes,
        hospital_supplied=supplied,
        dwellings=_dwellings(instance),
        weeks=_weeks(instance),
        hospitals=hospitals,
        languages=languages,
        occupations=occupations,
        counties=tuple(sorted({m.county_number for m in ms})),
    )


def replace_capacity(m: MunicipalityTable, instance: Instance) -> MunicipalityTable:
    """Return the table with its ledgers, free homes and weeks replaced by those of an instance.

    Parameters
    ----------
    m : MunicipalityTable
    instance : Instance
        Of the same day and the same municipalities; only what is named above may differ.
    """
    ledgers = _ledger(instance.municipalities, instance.today)
    table = replace(m, dwellings=_dwellings(instance), weeks=_weeks(instance), **ledgers)
    table.copy_cached_from(m)
    return table


def _getter(name: str) -> Callable[[Municipality], int]:
    return lambda municipality: int(getattr(municipality, name))


def _integers(ms: Iterable[Municipality], get: Callable[[Municipality], int]) -> IntArray:
    return np.array([get(m) for m in ms], dtype=np.int64)


def _words(ms: Iterable[Municipality], name: str) -> StrArray:
    return np.array([getattr(m, name) for m in ms], dtype=np.str_)


def _floats(values: Iterable[float | None]) -> FloatArray:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _ledger(ms: tuple[Municipality, ...], today: date) -> dict[str, Any]:
    """Columns of each municipality's ledger of the year in which its first arrivals are."""
    days_to_next_year = (date(today.year + 1, 1, 1) - today).days
    next_year = np.array([_ready_days(m, today) >= days_to_next_year for m in ms], dtype=np.bool_)
    first = [m.next_ledger if late else m.ledger for m, late in zip(ms, next_year, strict=True)]
    return {
        "year": today.year,
        "days_to_next_year": days_to_next_year,
        "next_year": next_year,
        **_used_places(first),
        **_open_places(first),
        **{f"{k}_next": column for k, column in _open_places([m.next_ledger for m in ms]).items()},
        "on_the_way": _numbers(m.ledger.promised for m in ms)
        + _numbers(m.next_ledger.promised for m in ms),
        "receive_now": _integers(
            ms, lambda m: -1 if m.ledger.receive_now is None else m.ledger.receive_now
        ),
    }


def _monthly_pace(m: Municipality) -> float | None:
    return published_pace().get(m.number) if m.monthly_pace is None else m.monthly_pace


def _ready_days(m: Municipality, today: date) -> int:
    """Days until a household that can move at once can arrive, but for its home."""
    lead = DEFAULT_LEAD_DAYS if m.lead_days is None else m.lead_days
    return max(lead, _days_until(m.earliest, today))


def _used_places(ledgers: Sequence[Ledger]) -> dict[str, IntArray]:
    # A ledger with a gap counts nowhere: part of it would shift what others are measured by.
    counted = [NOTHING_KNOWN if ledger.gap else ledger for ledger in ledgers]
    return {
        "decided": _numbers(ledger.decided for ledger in counted),
        "settled": _numbers(ledger.settled for ledger in counted),
        "promised": _numbers(ledger.promised for ledger in counted),
    }


def _open_places(ledgers: Sequence[Ledger]) -> dict[str, IntArray]:
    return {
        "open": np.maximum(0, _numbers(ledger.open for ledger in ledgers)),
        "minors_open": np.maximum(0, _numbers(ledger.minors_open for ledger in ledgers)),
        "gap": _numbers(ledger.gap for ledger in ledgers),
        "minors_gap": _numbers(ledger.minors_gap for ledger in ledgers),
    }


def _numbers(values: Iterable[int | None]) -> IntArray:
    return np.array([value or 0 for value in values], dtype=np.int64)


def _coordinates(ms: Iterable[Municipality]) -> tuple[FloatArray, FloatArray]:
    return _floats(m.latitude for m in ms), _floats(m.longitude for m in ms)


def _interpreters(ms: tuple[Municipality, ...], languages: tuple[str, ...]) -> IntArray:
    out = np.full((len(ms), len(languages)), int(Answer.UNKNOWN), dtype=np.int64)
    for row, m in enumerate(ms):
        if m.interpreter_languages is not None:
            offered = set(m.interpreter_languages)
            out[row] = [("*" in offered) or (word in offered) for word in languages]
    return out


def _matrix(
    entries_by_row: Iterable[tuple[tuple[str, float], ...]], words: tuple[str, ...], empty: float
) -> FloatArray:
    """Values by row and word, ``empty`` where a row does not name the word."""
    column = number_words(words)
    all_entries = list(entries_by_row)
    out = np.full((len(all_entries), len(words)), empty, dtype=np.float64)
    for row, entries in enumerate(all_entries):
        for word, value in entries:
            out[row, column[word]] = value
    return out


def _hospital_minutes(
    instance: Instance, hospitals: tuple[str, ...]
) -> tuple[FloatArray, BoolArray]:
    ms = instance.municipalities
    column, row_of = number_words(hospitals), number_words(m.number for m in ms)
    latitude, longitude = _coordinates(ms)
    sites = [(row, column[name]) for row, m in enumerate(ms) for name in m.hospitals]
    seat, hospital = np.array(sites, dtype=np.int64).reshape(-1, 2).T
    distance = distance_km(latitude, longitude, latitude[seat], longitude[seat])
    to_hospital = np.full((len(hospitals), len(ms)), np.nan)
    np.fmin.at(to_hospital, hospital, estimate_minutes(distance).T)
    minutes = np.ascontiguousarray(to_hospital.T)
    # A municipality's own hospital is within reach, also where its seat is not known.
    minutes[seat, hospital] = 0.0
    supplied = np.zeros(minutes.shape, dtype=np.bool_)
    for travel_time in instance.travel_times:
        cell = row_of[travel_time.municipality], column[travel_time.hospital]
        minutes[cell], supplied[cell] = travel_time.minutes, True
    return minutes, supplied


def _dwellings(instance: Instance) -> DwellingRows:
    ms = instance.municipalities
    rows = [d for m in ms for d in m.dwellings]
    return DwellingRows(
        start=np.concatenate([[0], np.cumsum([len(m.dwellings) for m in ms])]).astype(np.int64),
        beds=np.array([d.beds for d in rows], dtype=np.int64),
        step_free=np.array([d.step_free is Answer.YES for d in rows], dtype=np.bool_),
        days_to_free=np.array(
            [_days_until(d.available_from, instance.today) for d in rows], dtype=np.int64
        ),
    )


def _weeks(instance: Instance) -> WeekRows:
    today = instance.today
    # A week that has begun can still be used; one that has ended says nothing about the future.
    plans = [
        sorted((w for w in m.weeks if w.week >= start_of_week(today)), key=lambda w: w.week)
        for m in instance.municipalities
    ]
    rows = [week for plan in plans for week in plan]
    return WeekRows(
        start=np.concatenate([[0], np.cumsum([len(plan) for plan in plans])]).astype(np.int64),
        monday=np.array([(w.week - today).days for w in rows], dtype=np.int64),
        persons=np.array([w.persons for w in rows], dtype=np.int64),
    )


def _days_until(day: date | None, today: date) -> int:
    return 0 if day is None else max(0, (day - today).days)
