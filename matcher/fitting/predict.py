"""A fitted model on a night's queue: the table of probabilities that plans are made with."""

from collections.abc import Iterator, Mapping

import numpy as np

from matcher.catalogue import catalogue
from matcher.fitting.coding import LEVELS, Coded
from matcher.fitting.models import EffectsModel, FittedModel
from matcher.stay import kinds, persons
from matcher.stay.model import concerned
from matcher.stay.municipalities import kind_chances, level_chances, place_codes
from matcher.stay.pair_effect import PairEffect
from matcher.stay.persons import age_code
from matcher.tables import FloatArray, HouseholdTable, IntArray, MunicipalityTable

UNITS, KINDS = 400, 1000
"""Units and kinds of members worked on at a time, so that memory stays small."""
RARE = 0.02
"""Chance below which a quartile of a place is left aside."""
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
    if isinstance(model, EffectsModel):
        blocks = [
            _mean(h.take(rows), _by_effects(model, h.take(rows), m, _part(given, rows)))
            for rows in _chunks(len(h), UNITS)
        ]
        return np.asarray(np.clip(1.0 - np.vstack(blocks), 0.0, 1.0))
    return np.asarray(np.clip(1.0 - _mean(h, _by_kinds(model, h, m, given)), 0.0, 1.0))


def fits_of(model: FittedModel, h: HouseholdTable, m: MunicipalityTable) -> Fits:
    """Work out the pair effects that a model has learned, as the catalogue defines them.

    One that the catalogue does not have counts as no fit and no misfit.
    """
    fits = {}
    for name in model.pair_effects:
        entry = catalogue().entries.get(name)
        if entry is not None and issubclass(entry.shape, PairEffect):
            effect = entry.shape()
            rows, some = concerned(effect, h)
            fits[name] = np.zeros((len(h), len(m)))
            if len(rows):
                fits[name][rows] = effect.fit(some, m)
    return fits


def _chunks(count: int, size: int) -> Iterator[np.ndarray]:
    for start in range(0, count, size):
        yield np.arange(start, min(start + size, count))


def _part(fits: Fits, rows: np.ndarray) -> Fits:
    return {name: fit[rows] for name, fit in fits.items()}


def _mean(h: HouseholdTable, moving: FloatArray) -> FloatArray:
    """Mean over the members of each unit, shape (units, municipalities)."""
    total: FloatArray = h.members.total_of(moving)
    return np.asarray(total / np.maximum(h.size, 1)[:, None])


def _by_effects(
    model: EffectsModel, h: HouseholdTable, m: MunicipalityTable, fits: Fits
) -> FloatArray:
    """Sums of person, place and pair; shape (members, municipalities)."""
    chances = kind_chances(m)
    place = {v: level_chances(chances, axis) for axis, v in enumerate(kinds.LEVELS)}
    index = model.effects.of_person(members(h))[:, None] + model.effects.of_place(place)[None, :]
    unit = _unit(h)
    for name, size in model.effects.of_pairs().items():
        if name in fits:
            index = index + size * fits[name][unit]
    return model.of_index(index)


def _unit(h: HouseholdTable) -> IntArray:
    """Unit of each member, shape (members,)."""
    return np.repeat(np.arange(len(h)), np.diff(h.members.start))


def _by_kinds(
    model: FittedModel, h: HouseholdTable, m: MunicipalityTable, fits: Fits
) -> FloatArray:
    """Each kind of member in each place once; shape (members, municipalities)."""
    rows, unit = members(h), _unit(h)
    felt = [(fit != 0).any(axis=1)[unit] for fit in fits.values()]
    # Members whom no pair effect concerns are alike when their facts are.
    apart = np.where(np.any(felt, axis=0), unit, -1) if felt else np.full(len(rows), -1)
    facts = np.column_stack([*(rows.codes[v] for v in persons.LEVELS), apart])
    _, first, kind = np.unique(facts, axis=0, return_index=True, return_inverse=True)
    parts = [
        _in_every_place(model, rows.take(first[some]), m, _part(fits, unit[first[some]]))
        for some in _chunks(len(first), KINDS)
    ]
    return np.asarray(np.vstack(parts)[kind])


def _in_every_place(
    model: FittedModel, rows: Coded, m: MunicipalityTable, fits: Fits
) -> FloatArray:
    """Probability of moving, over what quartile and continuity of a place can be.

    Shape (rows, municipalities).
    """
    codes, chances = np.array(place_codes(m)), kind_chances(m).sum(axis=(3, 4, 5))
    out, whole = np.zeros((len(rows), len(m))), np.zeros(len(m))
    for quartile, continuity in np.ndindex(chances.shape[1:]):
        weight = chances[:, quartile, continuity]
        towns = np.flatnonzero(weight > RARE)
        if len(towns):
            here = codes[:, towns]
            here[0], here[1] = quartile, continuity
            pairs = {name: fit[:, towns].reshape(-1) for name, fit in fits.items()}
            moving = model.moving(_crossed(rows, here, pairs)).reshape(len(rows), -1)
            out[:, towns] += weight[towns] * moving
            whole[towns] += weight[towns]
    return out / whole


def _crossed(rows: Coded, towns: np.ndarray, pairs: Fits) -> Coded:
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
