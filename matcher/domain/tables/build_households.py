"""Build the household table: linked households merged, their needs combined."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from matcher.domain.answer import Answer, combine_answers
from matcher.domain.household import BanReason, Household, Upbringing, count_unaccompanied
from matcher.domain.instance import Instance
from matcher.domain.need_entry import insert_need_names
from matcher.domain.needs import HOUSEHOLD_NEEDS, PERSON_NEEDS
from matcher.domain.person import ADULT_AGE, Person
from matcher.domain.tables.array_types import BoolArray, IntArray
from matcher.domain.tables.households import (
    BanRows,
    FamilyRows,
    HospitalNeedRows,
    HouseholdTable,
    MemberRows,
    NeededHomeRows,
)
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.domain.tables.own_probabilities import average_probabilities
from matcher.domain.tables.proposals import build_proposal_rows
from matcher.domain.tables.vocabulary import (
    GROUNDS,
    HOUSEHOLD_TYPES,
    LINK_SIGN,
    SEXES,
    MunicipalityLookup,
    check_identifiers,
    number_words,
    origin_code,
    place_codes,
)
from matcher.domain.tables.wish_rows import build_wish_rows

HouseholdGroup = tuple[Household, ...]
OTHER_PERSON_NEEDS = ("study_hopes", "hospital", "interpreter")
"""Needs of persons that more than a service of the same name must meet."""
COMBINED_NEEDS = insert_need_names(OTHER_PERSON_NEEDS, PERSON_NEEDS, before="interpreter")
"""Columns of the needs of persons, which are combined over the members of a unit."""


def build_household_table(instance: Instance, municipalities: MunicipalityTable) -> HouseholdTable:
    """Build the household table, one row for each placing unit in the order of the queue."""
    check_identifiers(h.id for h in instance.households)
    units, today = instance.placing_units(), instance.today
    lookup = MunicipalityLookup(municipalities.row_of)
    needs: dict[str, Any] = {need: _combined(units, need) for need in COMBINED_NEEDS}
    needs |= {need.id: _combined_households(units, need.id) for need in HOUSEHOLD_NEEDS}
    sets, set_of = _language_sets(units, municipalities.languages)
    return HouseholdTable(
        **needs,
        **_days(units, today),
        id=np.array([LINK_SIGN.join(h.id for h in unit) for unit in units], dtype=np.str_),
        size=_integers(units, lambda unit: sum(h.size for h in unit)),
        children=_integers(units, lambda unit: sum(_is_child(p, today) for p in _members(unit))),
        minors=_integers(units, lambda unit: count_unaccompanied(unit, today)),
        rural=_integers(units, _rural),
        lives_in=_integers(units, lambda unit: lookup.optional(unit[0].lives_in)),
        pinned_to=_integers(units, lambda unit: _pin(unit, lookup)),
        **_before(units, instance, lookup),
        proposals=build_proposal_rows(
            units,
            instance.earlier_plan.municipality_of,
            lookup.optional,
            lambda unit: count_unaccompanied(unit, today),
        ),
        members=_member_rows(units, municipalities, set_of, today),
        homes=_home_rows(units, today),
        hospital_needs=_hospital_rows(units, municipalities),
        bans=_ban_rows(units, lookup),
        family=_family_rows(units, lookup),
        wishes=build_wish_rows(units, place_codes(lookup.row_of, municipalities.counties)),
        language_sets=sets,
        own_probability=None
        if instance.probabilities is None
        else average_probabilities(units, instance.probabilities, lookup),
    )


def _members(unit: HouseholdGroup) -> list[Person]:
    return [person for h in unit for person in h.members]


def _is_child(person: Person, today: date) -> bool:
    age = person.age_on(today)
    return person.is_minor_on(today) or (age is not None and age < ADULT_AGE)


def _may_be_adult(person: Person, today: date) -> bool:
    age = person.age_on(today)
    return not person.unaccompanied if age is None else age >= ADULT_AGE


def _housed(unit: HouseholdGroup, today: date) -> list[Household]:
    """Households of a unit that may need a home: a set-up houses only minors without an adult."""
    if any(_may_be_adult(person, today) for person in _members(unit)):
        return list(unit)
    return [h for h in unit if h.minors_on(today) < h.size]


def _rural(unit: HouseholdGroup) -> int:
    known = {h.upbringing for h in unit} - {Upbringing.UNKNOWN}
    return int(Answer.UNKNOWN) if len(known) != 1 else int(known == {Upbringing.RURAL})


def _known(value: int | None) -> int:
    """Return a whole number, -1 where it is not known."""
    return -1 if value is None else value


def _integers(units: Iterable[HouseholdGroup], get: Callable[[HouseholdGroup], int]) -> IntArray:
    return np.array([int(get(unit)) for unit in units], dtype=np.int64)


def _combined(units: Iterable[HouseholdGroup], need: str) -> IntArray:
    return _integers(units, lambda unit: combine_answers(getattr(p, need) for p in _members(unit)))


def _combined_households(units: Iterable[HouseholdGroup], need: str) -> IntArray:
    return _integers(units, lambda unit: combine_answers(getattr(h, need) for h in unit))


def _days(units: Sequence[HouseholdGroup], today: date) -> dict[str, Any]:
    def days_since(day: date | None) -> int:
        return 0 if day is None else max(0, (today - day).days)

    def days_until(day: date | None) -> int:
        return 0 if day is None else max(0, (day - today).days)

    return {
        "days_waited": _integers(units, lambda unit: max(days_since(h.ready_since) for h in unit)),
        "days_overdue": _integers(units, lambda unit: max(days_since(h.settle_by) for h in unit)),
        "days_to_move": _integers(
            units, lambda unit: max(days_until(h.earliest_move) for h in unit)
        ),
    }


def _pin(unit: HouseholdGroup, lookup: MunicipalityLookup) -> int:
    pins = {lookup.row(h.pinned_to, h.id, "pinned_to") for h in unit if h.pinned_to}
    return pins.pop() if len(pins) == 1 else (-2 if pins else -1)


def _before(
    units: Sequence[HouseholdGroup], instance: Instance, lookup: MunicipalityLookup
) -> dict[str, IntArray]:
    """Find where each unit is proposed, and else where it was last proposed or suggested."""
    proposed = instance.earlier_plan.municipality_of
    last_named = {**instance.suggestions.municipality_of, **proposed}
    earlier = _integers(units, lambda unit: _common_row(unit, proposed, lookup))
    last = _integers(units, lambda unit: _common_row(unit, last_named, lookup))
    return {"earlier": earlier, "suggested": np.where(earlier < 0, last, -1)}


def _common_row(
    unit: HouseholdGroup, municipality_of: Mapping[str, str], lookup: MunicipalityLookup
) -> int:
    rows = {lookup.optional(municipality_of.get(h.id)) for h in unit}
    return rows.pop() if len(rows) == 1 else -1


def _start(counts: Iterable[int]) -> IntArray:
    return np.concatenate([[0], np.cumsum(list(counts))]).astype(np.int64)


def _language_sets(
    units: Iterable[HouseholdGroup], languages: tuple[str, ...]
) -> tuple[BoolArray, dict[frozenset[str], int]]:
    spoken = {frozenset(p.languages) for unit in units for p in _members(unit)}
    ordered = sorted(spoken | {frozenset()}, key=sorted)
    sets = np.array([[word in words for word in languages] for words in ordered], dtype=np.bool_)
    return sets.reshape(len(ordered), len(languages)), {
        words: row for row, words in enumerate(ordered)
    }


def _member_rows(
    units: Sequence[HouseholdGroup],
    m: MunicipalityTable,
    set_of: dict[frozenset[str], int],
    today: date,
) -> MemberRows:
    sex, ground, kind = number_words(SEXES), number_words(GROUNDS), number_words(HOUSEHOLD_TYPES)
    job = number_words(m.occupations)
    people = [(h, p) for unit in units for h in unit for p in h.members]

    def column(get: Callable[[Household, Person], int]) -> IntArray:
        return np.array([int(get(h, p)) for h, p in people], dtype=np.int64)

    def answer(name: str) -> IntArray:
        return column(lambda _, p: getattr(p, name))

    return MemberRows(
        start=_start(sum(h.size for h in unit) for unit in units),
        age=column(lambda _, p: _known(p.age_on(today))),
        sex=column(lambda _, p: sex.get(p.sex, -1)),
        origin=column(lambda _, p: origin_code(p.origin)),
        ground=column(lambda _, p: ground.get(p.ground, -1)),
        type=column(lambda h, _: _known(kind.get(h.stay_model_type_on(today) or ""))),
        collective_protection=answer("collective_protection"),
        upper_secondary=answer("upper_secondary"),
        study_hopes=answer("study_hopes"),
        licence=answer("licence"),
        interpreter=answer("interpreter"),
        languages=column(lambda _, p: set_of[frozenset(p.languages)]),
        occupation=column(lambda _, p: job[p.occupation] if p.occupation else -1),
    )


def _home_rows(units: Sequence[HouseholdGroup], today: date) -> NeededHomeRows:
    housed = [_housed(unit, today) for unit in units]
    households = [h for in_unit in housed for h in in_unit]
    return NeededHomeRows(
        start=_start(map(len, housed)),
        beds=np.array([h.size for h in households], dtype=np.int64),
        step_free=np.array(
            [any(p.step_free is Answer.YES for p in h.members) for h in households],
            dtype=np.bool_,
        ),
    )


def _hospital_rows(units: Sequence[HouseholdGroup], m: MunicipalityTable) -> HospitalNeedRows:
    column = number_words(m.hospitals)
    by_unit = [[p for p in _members(unit) if p.hospital is Answer.YES] for unit in units]
    patients = [person for members in by_unit for person in members]
    return HospitalNeedRows(
        start=_start(map(len, by_unit)),
        hospital=np.array(
            [-1 if p.hospital_name is None else column[p.hospital_name] for p in patients],
            dtype=np.int64,
        ),
        minutes=np.array(
            [-1 if p.hospital_minutes is None else p.hospital_minutes for p in patients],
            dtype=np.int64,
        ),
    )


def _ban_rows(units: Sequence[HouseholdGroup], lookup: MunicipalityLookup) -> BanRows:
    reason = number_words(BanReason)
    bans = [[(h, b) for h in unit for b in h.bans] for unit in units]
    rows = [row for unit_bans in bans for row in unit_bans]
    return BanRows(
        start=_start(map(len, bans)),
        municipality=np.array(
            [lookup.row(b.municipality, h.id, "ban") for h, b in rows], dtype=np.int64
        ),
        reason=np.array([reason[b.reason] for _, b in rows], dtype=np.int64),
    )


def _family_rows(units: Sequence[HouseholdGroup], lookup: MunicipalityLookup) -> FamilyRows:
    ties = [[(k, h, t) for k, h in enumerate(unit) for t in h.family] for unit in units]
    rows = [row for unit_ties in ties for row in unit_ties]
    return FamilyRows(
        start=_start(map(len, ties)),
        municipality=np.array(
            [lookup.row(t.municipality, h.id, "family") for _, h, t in rows], dtype=np.int64
        ),
        must_hold=np.array([t.must_hold for *_, t in rows], dtype=np.bool_),
        household=np.array([k for k, *_ in rows], dtype=np.int64),
    )
