"""Apply a fitted model to a queue: the table of probabilities that plans are based on."""

from collections.abc import Iterator, Mapping

import numpy as np

from matcher.domain.tables.array_types import FloatArray, IntArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.stay import municipalities as kinds
from matcher.stay import persons
from matcher.stay.fitting.coding import VARIABLE_LEVELS, CodedRows
from matcher.stay.fitting.models import FittedModel, LinearPredictorModel
from matcher.stay.model import PairEffectProtocol, select_concerned
from matcher.stay.municipalities import level_probabilities, municipality_codes, type_probabilities
from matcher.stay.persons import age_group_codes

UNITS_PER_BLOCK, KINDS_PER_BLOCK = 400, 1000
"""Number of units, and of kinds of members, per block; small blocks need little memory."""
NEGLIGIBLE_CHANCE = 0.02
"""Combinations of quartile and continuity with at most this probability are ignored."""
PairFits = Mapping[str, FloatArray]
"""How well units and municipalities fit, -1 to 1, shape (units, municipalities), by effect."""


def predict_staying(
    model: FittedModel, h: HouseholdTable, m: MunicipalityTable, fits: PairFits | None = None
) -> FloatArray:
    """Predict the mean probability that members stay, shape (units, municipalities).

    Parameters
    ----------
    model : FittedModel
        Model of who moves.
    h, m : HouseholdTable, MunicipalityTable
        The queue and the municipalities; unknown facts are treated as in the register.
    fits : mapping of str to float array, or None
        Fits of the pair effects that the model has learned; missing ones count as fit 0.
    """
    known_fits = fits or {}
    if isinstance(model, LinearPredictorModel):
        blocks = [
            _mean_over_members(
                h.take(rows), _by_effects(model, h.take(rows), m, _select_rows(known_fits, rows))
            )
            for rows in _chunks(len(h), UNITS_PER_BLOCK)
        ]
        return np.asarray(np.clip(1.0 - np.vstack(blocks), 0.0, 1.0))
    return np.asarray(
        np.clip(1.0 - _mean_over_members(h, _by_kinds(model, h, m, known_fits)), 0.0, 1.0)
    )


def compute_pair_fits(
    model: FittedModel,
    h: HouseholdTable,
    m: MunicipalityTable,
    effects: Mapping[str, PairEffectProtocol],
) -> PairFits:
    """Compute the fits of the pair effects that a model has learned.

    Parameters
    ----------
    model : FittedModel
    h, m : HouseholdTable, MunicipalityTable
        The queue and where it can go.
    effects : mapping of str to PairEffectProtocol
        Pair effects by name, such as those of the catalogue; the fit of one that is missing is 0.
    """
    fits = {}
    for name in model.pair_effects:
        if name in effects:
            rows, concerned_units = select_concerned(effects[name], h)
            fits[name] = np.zeros((len(h), len(m)))
            if len(rows):
                fits[name][rows] = effects[name].fit_scores(concerned_units, m)
    return fits


def _chunks(count: int, size: int) -> Iterator[np.ndarray]:
    for start in range(0, count, size):
        yield np.arange(start, min(start + size, count))


def _select_rows(fits: PairFits, rows: np.ndarray) -> PairFits:
    return {name: fit[rows] for name, fit in fits.items()}


def _mean_over_members(h: HouseholdTable, moving: FloatArray) -> FloatArray:
    """Mean over the members of each unit, shape (units, municipalities)."""
    total: FloatArray = h.members.float_sum_of(moving)
    return np.asarray(total / np.maximum(h.size, 1)[:, None])


def _by_effects(
    model: LinearPredictorModel, h: HouseholdTable, m: MunicipalityTable, fits: PairFits
) -> FloatArray:
    """Predict moving from the sums of person, place and pair; shape (members, municipalities)."""
    chances = type_probabilities(m)
    place = {v: level_probabilities(chances, axis) for axis, v in enumerate(kinds.PLACE_LEVELS)}
    index = (
        model.effects.person_predictor(code_members(h))[:, None]
        + model.effects.place_predictor(place)[None, :]
    )
    unit = _unit_of_member(h)
    for name, size in model.effects.pair_coefficients().items():
        if name in fits:
            index = index + size * fits[name][unit]
    return model.inverse_link(index)


def _unit_of_member(h: HouseholdTable) -> IntArray:
    """Unit of each member, shape (members,)."""
    return np.repeat(np.arange(len(h)), np.diff(h.members.start))


def _by_kinds(
    model: FittedModel, h: HouseholdTable, m: MunicipalityTable, fits: PairFits
) -> FloatArray:
    """Predict moving once for each kind of member and place; shape (members, municipalities)."""
    rows, unit = code_members(h), _unit_of_member(h)
    concerned_members = [(fit != 0).any(axis=1)[unit] for fit in fits.values()]
    # Members without pair effects have equal predictions when their facts are equal.
    own_unit = (
        np.where(np.any(concerned_members, axis=0), unit, -1)
        if concerned_members
        else np.full(len(rows), -1)
    )
    facts = np.column_stack([*(rows.codes[v] for v in persons.PERSON_LEVELS), own_unit])
    _, first, kind = np.unique(facts, axis=0, return_index=True, return_inverse=True)
    parts = [
        _in_every_place(model, rows.take(first[block]), m, _select_rows(fits, unit[first[block]]))
        for block in _chunks(len(first), KINDS_PER_BLOCK)
    ]
    return np.asarray(np.vstack(parts)[kind])


def _in_every_place(
    model: FittedModel, rows: CodedRows, m: MunicipalityTable, fits: PairFits
) -> FloatArray:
    """Probability of moving, averaged over the possible quartile and continuity of a place.

    Shape (rows, municipalities).
    """
    codes, chances = np.array(municipality_codes(m)), type_probabilities(m).sum(axis=(3, 4, 5))
    out, total_weight = np.zeros((len(rows), len(m))), np.zeros(len(m))
    for quartile, continuity in np.ndindex(chances.shape[1:]):
        weight = chances[:, quartile, continuity]
        towns = np.flatnonzero(weight > NEGLIGIBLE_CHANCE)
        if len(towns):
            town_codes = codes[:, towns]
            town_codes[0], town_codes[1] = quartile, continuity
            pairs = {name: fit[:, towns].reshape(-1) for name, fit in fits.items()}
            moving = model.predict_moving(_cross_with_places(rows, town_codes, pairs)).reshape(
                len(rows), -1
            )
            out[:, towns] += weight[towns] * moving
            total_weight[towns] += weight[towns]
    return out / total_weight


def _cross_with_places(rows: CodedRows, towns: np.ndarray, pairs: PairFits) -> CodedRows:
    """Combine each row with each place; places change fastest."""
    count, places = len(rows), towns.shape[1]
    codes = {v: np.repeat(rows.codes[v], places) for v in persons.PERSON_LEVELS}
    codes |= {v: np.tile(code, count) for v, code in zip(kinds.PLACE_LEVELS, towns, strict=True)}
    return CodedRows(codes, np.repeat(rows.settlement_years, places), pairs)


def code_members(h: HouseholdTable) -> CodedRows:
    """Code the members of a queue; every fact of the place is unknown."""
    m = h.members
    known = (m.sex, age_group_codes(m.age), m.type, m.origin, m.ground)
    codes = dict(zip(persons.PERSON_LEVELS, known, strict=True))
    unknown = np.full(len(m.age), -1, dtype=np.int64)
    return CodedRows(
        {v: codes.get(v, unknown) for v in VARIABLE_LEVELS}, np.zeros_like(unknown), {}
    )
