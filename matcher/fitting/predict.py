"""A fitted model on a night's queue: the table of probabilities that plans are made with."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from matcher.fitting.coding import LEVELS, Coded
from matcher.fitting.models import EffectsModel, FittedModel
from matcher.stay import kinds, persons
from matcher.stay.municipalities import kind_chances, level_chances, place_codes
from matcher.stay.persons import age_code
from matcher.tables import FloatArray, HouseholdTable, MunicipalityTable

CHUNK = 400
"""Units worked on at a time, so that memory stays small."""
Fits = Mapping[str, FloatArray]
"""How well units and municipalities fit, -1 to 1, shape (units, municipalities), by effect."""


def staying(
    model: FittedModel, h: HouseholdTable, m: MunicipalityTable, fits: Fits | None = None
) -> FloatArray:
    """Mean probability that members stay, by a fitted model, shape (units, municipalities).

    Parameters
    ----------
    model : FittedModel
        Of who moves.
    h, m : HouseholdTable, MunicipalityTable
        The queue and where it can go; what is not known counts as in the register.
    fits : mapping of str to float array, or None
        Pair effects that the model knows; those not given count as no fit and no misfit.
    """
    given = fits or {}
    one = _by_effects if isinstance(model, EffectsModel) else _by_rows
    blocks = [
        _mean_of_members(h.take(rows), one(model, h.take(rows), m, _part(given, rows)))
        for rows in _chunks(len(h))
    ]
    return np.clip(1.0 - np.vstack(blocks), 0.0, 1.0)


def _chunks(count: int) -> Iterator[np.ndarray]:
    for start in range(0, count, CHUNK):
        yield np.arange(start, min(start + CHUNK, count))


def _part(fits: Fits, rows: np.ndarray) -> Fits:
    return {name: fit[rows] for name, fit in fits.items()}


def _mean_of_members(h: HouseholdTable, moving: FloatArray) -> FloatArray:
    return np.asarray(h.members.total_of(moving) / np.maximum(h.size, 1)[:, None])


def _by_effects(
    model: EffectsModel, h: HouseholdTable, m: MunicipalityTable, fits: Fits
) -> FloatArray:
    """Sums of person, place and pair; shape (members, municipalities)."""
    chances = kind_chances(m)
    place = {v: level_chances(chances, axis) for axis, v in enumerate(kinds.LEVELS)}
    index = model.effects.of_person(members(h))[:, None] + model.effects.of_place(place)[None, :]
    unit = np.repeat(np.arange(len(h)), np.diff(h.members.start))
    for name, size in model.effects.of_pairs().items():
        if name in fits:
            index = index + size * fits[name][unit]
    return model.of_index(index)


def _by_rows(model: FittedModel, h: HouseholdTable, m: MunicipalityTable, fits: Fits) -> FloatArray:
    """Every kind of member in every kind of place once; shape (members, municipalities)."""
    rows, towns = members(h), np.array(place_codes(m))
    unit = np.repeat(np.arange(len(h)), np.diff(h.members.start))
    felt = np.array([(fit != 0).any(axis=1)[unit] for fit in fits.values()], dtype=np.int64)
    # Members whom no pair effect concerns are alike when their facts are.
    apart = np.where(felt.any(axis=0) if len(felt) else False, unit, -1)
    facts = np.column_stack([*(rows.codes[v] for v in persons.LEVELS), apart])
    _, first, kind = np.unique(facts, axis=0, return_index=True, return_inverse=True)
    pairs = {name: fit[unit[first]].reshape(-1) for name, fit in fits.items()}
    moving = model.moving(_crossed(rows.take(first), towns, pairs))
    return np.asarray(moving.reshape(len(first), len(m))[kind])


def _crossed(rows: Coded, towns: np.ndarray, pairs: Mapping[str, FloatArray]) -> Coded:
    """Each row with each place, places changing fastest."""
    count, places = len(rows), towns.shape[1]
    codes = {v: np.repeat(rows.codes[v], places) for v in persons.LEVELS}
    codes |= {v: np.tile(code, count) for v, code in zip(kinds.LEVELS, towns, strict=True)}
    return Coded(codes, np.repeat(rows.years, places), pairs)


def members(h: HouseholdTable) -> Coded:
    """Members of a queue as codes; of the place nothing is known yet."""
    m = h.members
    known = (m.sex, age_code(m.age), m.type, m.origin, m.ground)
    codes = dict(zip(persons.LEVELS, known, strict=True))
    nothing = np.full(len(m.age), -1, dtype=np.int64)
    return Coded({v: codes.get(v, nothing) for v in LEVELS}, np.zeros_like(nothing), {})
