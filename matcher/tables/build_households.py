"""Columns of the placing units: linked households merged, needs united."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from matcher.domain import (
    Answer,
    BanReason,
    Household,
    Instance,
    Person,
    Upbringing,
    WishKind,
    unite,
)
from matcher.tables.households import (
    BanRows,
    FamilyRows,
    HomeRows,
    HospitalRows,
    HouseholdTable,
    MemberRows,
    WishRows,
)
from matcher.tables.identifiers import LINK, check_identifiers
from matcher.tables.municipalities import MunicipalityTable
from matcher.tables.types import BoolArray, FloatArray, IntArray
from matcher.tables.vocabulary import (
    GROUNDS,
    LANDSDELER,
    SEXES,
    TYPES,
    codes,
    origin_code,
)

Unit = tuple[Household, ...]
PERSON_NEEDS = (
    "upper_secondary", "study_hopes", "hospital", "lar", "step_free", "specialist_care",
    "special_schooling", "interpreter",
)  # fmt: skip


def household_table(instance: Instance, m: MunicipalityTable) -> HouseholdTable:
    """Turn the queue into columns, one row a placing unit in the order of the queue."""
    check_identifiers(h.id for h in instance.households)
    units = instance.linked_groups()
    lookup = _Lookup(m)
    needs: dict[str, Any] = {n: _united(units, n) for n in PERSON_NEEDS}
    sets, set_of = _language_sets(units, m.languages)
    return HouseholdTable(
        **needs,
        **_days(units, instance.today),
        id=np.array([LINK.join(h.id for h in unit) for unit in units], dtype=np.str_),
        size=_integers(units, lambda unit: sum(h.size for h in unit)),
        children=_integers(units, lambda unit: sum(_is_child(p) for p in _members(unit))),
        minors=_integers(units, _unaccompanied),
        crisis_setup=_integers(units, lambda unit: unite(h.crisis_setup for h in unit)),
        rural=_integers(units, _rural),
        lives_in=_integers(units, lambda unit: lookup.optional(unit[0].lives_in)),
        pinned_to=_integers(units, lambda unit: _pin(unit, lookup)),
        earlier=_earlier(units, instance, lookup),
        members=_member_rows(units, m, set_of),
        homes=_home_rows(units),
        hospital_needs=_hospital_rows(units, m),
        bans=_ban_rows(units, lookup),
        family=_family_rows(units, lookup),
        wishes=_wish_rows(units, m, lookup),
        language_sets=sets,
        own_probability=_own_probability(units, instance, lookup),
    )


class _Lookup:
    """Rows of municipalities by number, with an error that names who pointed there."""

    def __init__(self, m: MunicipalityTable) -> None:
        self.row_of: Mapping[str, int] = m.row_of

    def optional(self, number: str | None) -> int:
        return -1 if number is None else self.row_of.get(number, -1)

    def row(self, number: str, household: str, what: str) -> int:
        if number not in self.row_of:
            raise ValueError(
                f"household {household}: {what} {number!r} is not a municipality of this instance"
            )
        return self.row_of[number]


def _members(unit: Unit) -> list[Person]:
    return [p for h in unit for p in h.members]


def _is_child(person: Person) -> bool:
    return person.unaccompanied or (person.age is not None and person.age < 18)


def _is_adult(person: Person) -> bool:
    return person.age is not None and person.age >= 18 and not person.unaccompanied


def _unaccompanied(unit: Unit) -> int:
    members = _members(unit)
    return 0 if any(map(_is_adult, members)) else sum(p.unaccompanied for p in members)


def _rural(unit: Unit) -> int:
    known = {h.upbringing for h in unit} - {Upbringing.UNKNOWN}
    return int(Answer.UNKNOWN) if len(known) != 1 else int(known == {Upbringing.RURAL})


def _integers(units: Iterable[Unit], get: Callable[[Unit], int]) -> IntArray:
    return np.array([int(get(unit)) for unit in units], dtype=np.int64)


def _united(units: Iterable[Unit], need: str) -> IntArray:
    return _integers(units, lambda unit: unite(getattr(p, need) for p in _members(unit)))


def _days(units: Sequence[Unit], today: date) -> dict[str, Any]:
    def past(day: date | None) -> int:
        return 0 if day is None else max(0, (today - day).days)

    def ahead(day: date | None) -> int:
        return 0 if day is None else max(0, (day - today).days)

    return {
        "days_waited": _integers(units, lambda unit: max(past(h.ready_since) for h in unit)),
        "days_overdue": _integers(units, lambda unit: max(past(h.deadline) for h in unit)),
        "days_to_move": _integers(units, lambda unit: max(ahead(h.earliest_move) for h in unit)),
    }


def _pin(unit: Unit, lookup: _Lookup) -> int:
    pins = {lookup.row(h.pinned_to, h.id, "pinned_to") for h in unit if h.pinned_to}
    return pins.pop() if len(pins) == 1 else (-2 if pins else -1)


def _earlier(units: Iterable[Unit], instance: Instance, lookup: _Lookup) -> IntArray:
    earlier = instance.earlier_plan.municipality_of

    def where(unit: Unit) -> int:
        rows = {lookup.optional(earlier.get(h.id)) for h in unit}
        return rows.pop() if len(rows) == 1 else -1

    return _integers(units, where)


def _start(counts: Iterable[int]) -> IntArray:
    return np.concatenate([[0], np.cumsum(list(counts))]).astype(np.int64)


def _language_sets(
    units: Iterable[Unit], languages: tuple[str, ...]
) -> tuple[BoolArray, dict[frozenset[str], int]]:
    spoken = {frozenset(p.languages) for unit in units for p in _members(unit)}
    ordered = sorted(spoken | {frozenset()}, key=sorted)
    sets = np.array([[w in s for w in languages] for s in ordered], dtype=np.bool_)
    return sets.reshape(len(ordered), len(languages)), {s: i for i, s in enumerate(ordered)}


def _member_rows(
    units: Sequence[Unit], m: MunicipalityTable, set_of: dict[frozenset[str], int]
) -> MemberRows:
    sex, ground, kind = codes(SEXES), codes(GROUNDS), codes(TYPES)
    job = codes(m.occupations)
    people = [(h, p) for unit in units for h in unit for p in h.members]

    def column(get: Callable[[Household, Person], int]) -> IntArray:
        return np.array([int(get(h, p)) for h, p in people], dtype=np.int64)

    def answer(name: str) -> IntArray:
        return column(lambda _, p: getattr(p, name))

    return MemberRows(
        start=_start(sum(h.size for h in unit) for unit in units),
        age=column(lambda _, p: -1 if p.age is None else p.age),
        sex=column(lambda _, p: sex.get(p.sex, -1)),
        origin=column(lambda _, p: origin_code(p.origin)),
        ground=column(lambda _, p: ground.get(p.ground, -1)),
        type=column(lambda h, _: -1 if h.stay_type is None else kind[h.stay_type]),
        collective_protection=answer("collective_protection"),
        upper_secondary=answer("upper_secondary"),
        study_hopes=answer("study_hopes"),
        licence=answer("licence"),
        interpreter=answer("interpreter"),
        languages=column(lambda _, p: set_of[frozenset(p.languages)]),
        occupation=column(lambda _, p: job[p.occupation] if p.occupation else -1),
    )


def _home_rows(units: Sequence[Unit]) -> HomeRows:
    housed = [() if _unaccompanied(unit) else unit for unit in units]
    homes = [h for unit in housed for h in unit]
    return HomeRows(
        start=_start(len(unit) for unit in housed),
        beds=np.array([h.size for h in homes], dtype=np.int64),
        step_free=np.array(
            [any(p.step_free is Answer.YES for p in h.members) for h in homes], dtype=np.bool_
        ),
    )


def _hospital_rows(units: Sequence[Unit], m: MunicipalityTable) -> HospitalRows:
    column = codes(m.hospitals)
    needing = [[p for p in _members(unit) if p.hospital is Answer.YES] for unit in units]
    people = [p for unit in needing for p in unit]
    return HospitalRows(
        start=_start(map(len, needing)),
        hospital=np.array(
            [-1 if p.hospital_name is None else column[p.hospital_name] for p in people],
            dtype=np.int64,
        ),
        minutes=np.array(
            [-1 if p.hospital_minutes is None else p.hospital_minutes for p in people],
            dtype=np.int64,
        ),
    )


def _ban_rows(units: Sequence[Unit], lookup: _Lookup) -> BanRows:
    reason = codes(BanReason)
    bans = [[(h, b) for h in unit for b in h.bans] for unit in units]
    rows = [pair for unit in bans for pair in unit]
    return BanRows(
        start=_start(map(len, bans)),
        municipality=np.array(
            [lookup.row(b.municipality, h.id, "ban") for h, b in rows], dtype=np.int64
        ),
        reason=np.array([reason[b.reason] for _, b in rows], dtype=np.int64),
    )


def _family_rows(units: Sequence[Unit], lookup: _Lookup) -> FamilyRows:
    ties = [[(k, h, t) for k, h in enumerate(unit) for t in h.family] for unit in units]
    rows = [pair for unit in ties for pair in unit]
    return FamilyRows(
        start=_start(map(len, ties)),
        municipality=np.array(
            [lookup.row(t.municipality, h.id, "family") for _, h, t in rows], dtype=np.int64
        ),
        must_hold=np.array([t.must_hold for *_, t in rows], dtype=np.bool_),
        household=np.array([k for k, *_ in rows], dtype=np.int64),
    )


def _wish_rows(units: Sequence[Unit], m: MunicipalityTable, lookup: _Lookup) -> WishRows:
    kind = codes(WishKind)
    county, landsdel = codes(m.counties), codes(LANDSDELER)

    def value(h: Household, what: WishKind, word: str) -> int:
        if what is WishKind.MUNICIPALITY:
            return lookup.row(word, h.id, "wish")
        if what is WishKind.CENTRALITY:
            return int(word)
        return (county if what is WishKind.COUNTY else landsdel).get(word, -1)

    wishes = [[(h, w) for h in unit for w in h.wishes] for unit in units]
    rows = [pair for unit in wishes for pair in unit]
    return WishRows(
        start=_start(map(len, wishes)),
        kind=np.array([kind[w.kind] for _, w in rows], dtype=np.int64),
        value=np.array([value(h, w.kind, w.value) for h, w in rows], dtype=np.int64),
        wanted=np.array([w.wanted for _, w in rows], dtype=np.bool_),
    )


def _own_probability(
    units: Sequence[Unit], instance: Instance, lookup: _Lookup
) -> FloatArray | None:
    pairs = instance.probabilities
    if pairs is None:
        return None
    unit_of = {h.id: row for row, unit in enumerate(units) for h in unit}
    weight_of = {h.id: h.size for unit in units for h in unit}
    names, inverse = np.unique(pairs.household, return_inverse=True)
    known = np.array([str(n) in unit_of for n in names], dtype=np.bool_)[inverse]
    rows = np.array([unit_of.get(str(n), 0) for n in names], dtype=np.int64)[inverse][known]
    size = np.array([weight_of.get(str(n), 0) for n in names], dtype=np.int64)[inverse][known]
    numbers, back = np.unique(pairs.municipality, return_inverse=True)
    columns = np.array([lookup.row(str(n), "any", "probability for") for n in numbers])[back][known]
    total = np.zeros((len(units), len(lookup.row_of)))
    persons = np.zeros_like(total)
    np.add.at(total, (rows, columns), size * pairs.probability[known])
    np.add.at(persons, (rows, columns), size)
    whole = np.array([sum(h.size for h in unit) for unit in units])[:, None]
    with np.errstate(invalid="ignore"):
        return np.where(persons == whole, total / whole, np.nan)
