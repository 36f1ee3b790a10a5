"""Columns of the municipalities."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from matcher.domain import Answer, Instance, Municipality
from matcher.tables.municipalities import DwellingRows, MunicipalityTable
from matcher.tables.travel import distance_km, estimated_minutes
from matcher.tables.types import BoolArray, FloatArray, IntArray, StrArray
from matcher.tables.vocabulary import (
    QUARTILES,
    codes,
    hospitals_of,
    languages_of,
    occupations_of,
)

ANSWERS = (
    "upper_secondary", "lar", "step_free", "specialist_care", "special_schooling",
    "crisis_setup", "minors_setup", "higher_education", "public_transport", "reception_centre",
    "continuous", "reports_dwellings",
)  # fmt: skip
WORKED_OUT = ("row_of", "minutes_between", "nearest_hospital_minutes", "worked_out")
"""What a table works out of itself when it is first asked for."""
WORDS = ("number", "name", "county", "landsdel")


def municipality_table(instance: Instance) -> MunicipalityTable:
    """Turn the municipalities of an instance into columns."""
    ms = instance.municipalities
    languages, occupations = languages_of(instance), occupations_of(instance)
    hospitals = hospitals_of(instance)
    minutes, supplied = _hospital_minutes(instance, hospitals)
    latitude, longitude = _coordinates(ms)
    quartile = codes(QUARTILES)
    answers: dict[str, Any] = {name: _integers(ms, _getter(name)) for name in ANSWERS}
    words: dict[str, Any] = {name: _words(ms, name) for name in WORDS}
    return MunicipalityTable(
        **words,
        **answers,
        **_ledger(ms),
        centrality=_integers(ms, lambda m: m.centrality or 0),
        population=_integers(ms, lambda m: -1 if m.population is None else m.population),
        latitude=latitude,
        longitude=longitude,
        days_to_receive=_integers(ms, lambda m: _days_until(m.earliest, instance.today)),
        lead_days=_integers(ms, lambda m: -1 if m.lead_days is None else m.lead_days),
        quartile=_integers(ms, lambda m: -1 if m.quartile is None else quartile[m.quartile]),
        immigrant_share=_floats(m.immigrant_share for m in ms),
        interpreter=_interpreters(ms, languages),
        communities=_crossed(((m.communities) for m in ms), languages, 0).astype(np.int64),
        jobs=_crossed(((m.jobs) for m in ms), occupations, np.nan),
        hospital_minutes=minutes,
        hospital_supplied=supplied,
        dwellings=_dwellings(instance),
        hospitals=hospitals,
        languages=languages,
        occupations=occupations,
        counties=tuple(sorted({m.county_number for m in ms})),
    )


def with_capacity(m: MunicipalityTable, instance: Instance) -> MunicipalityTable:
    """Give the same table with the ledgers and free homes that an instance has.

    Parameters
    ----------
    m : MunicipalityTable
    instance : Instance
        Of the same day, with the same municipalities but for ledgers and homes.
    """
    after = replace(m, dwellings=_dwellings(instance), **_ledger(instance.municipalities))
    # Nothing of it depends on ledgers or homes, and some takes longer than all the rest.
    vars(after).update({name: getattr(m, name) for name in WORKED_OUT})
    return after


def _getter(name: str) -> Callable[[Municipality], int]:
    return lambda municipality: int(getattr(municipality, name))


def _integers(ms: Iterable[Municipality], get: Callable[[Municipality], int]) -> IntArray:
    return np.array([get(m) for m in ms], dtype=np.int64)


def _words(ms: Iterable[Municipality], name: str) -> StrArray:
    return np.array([getattr(m, name) for m in ms], dtype=np.str_)


def _floats(values: Iterable[float | None]) -> FloatArray:
    return np.array([np.nan if v is None else v for v in values], dtype=np.float64)


def _ledger(ms: tuple[Municipality, ...]) -> dict[str, Any]:
    plain = ("decided", "settled", "promised", "extra")
    columns: dict[str, Any] = {
        name: np.array([getattr(m.ledger, name) for m in ms], dtype=np.int64) for name in plain
    }
    columns["open"] = _integers(ms, lambda m: max(0, m.ledger.open))
    columns["minors_open"] = _integers(ms, lambda m: max(0, m.ledger.minors_open))
    columns["receive_now"] = _integers(
        ms, lambda m: -1 if m.ledger.receive_now is None else m.ledger.receive_now
    )
    return columns


def _coordinates(ms: Iterable[Municipality]) -> tuple[FloatArray, FloatArray]:
    return _floats(m.latitude for m in ms), _floats(m.longitude for m in ms)


def _interpreters(ms: tuple[Municipality, ...], languages: tuple[str, ...]) -> IntArray:
    out = np.full((len(ms), len(languages)), int(Answer.UNKNOWN), dtype=np.int64)
    for row, m in enumerate(ms):
        if m.interpreter_languages is not None:
            at_hand = set(m.interpreter_languages)
            out[row] = [("*" in at_hand) or (word in at_hand) for word in languages]
    return out


def _crossed(
    pairs: Iterable[tuple[tuple[str, float], ...]], words: tuple[str, ...], empty: float
) -> FloatArray:
    column = codes(words)
    listed = list(pairs)
    out = np.full((len(listed), len(words)), empty, dtype=np.float64)
    for row, entries in enumerate(listed):
        for word, value in entries:
            out[row, column[word]] = value
    return out


def _hospital_minutes(
    instance: Instance, hospitals: tuple[str, ...]
) -> tuple[FloatArray, BoolArray]:
    ms = instance.municipalities
    column, row_of = codes(hospitals), codes(m.number for m in ms)
    latitude, longitude = _coordinates(ms)
    site = np.full(len(hospitals), -1, dtype=np.int64)
    for row, m in enumerate(ms):
        for name in m.hospitals:
            site[column[name]] = row
    minutes = np.full((len(ms), len(hospitals)), np.nan)
    placed = site >= 0
    at = site[placed]
    distance = distance_km(latitude, longitude, latitude[at], longitude[at])
    minutes[:, placed] = estimated_minutes(distance)
    supplied = np.zeros(minutes.shape, dtype=np.bool_)
    for time in instance.travel_times:
        where = row_of[time.municipality], column[time.hospital]
        minutes[where], supplied[where] = time.minutes, True
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


def _days_until(day: date | None, today: date) -> int:
    return 0 if day is None else max(0, (day - today).days)
