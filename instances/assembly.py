"""Build persons and households from columns."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from instances.people.answers import draw_answers, draw_unknown
from instances.people.languages import draw_languages
from instances.people.needs import (
    EDUCATION_LEVELS,
    NeedDraws,
    draw_education_and_occupation,
    draw_hospital_limits,
)
from instances.people.origins import GROUNDS, ORIGINS
from instances.people.population import Population
from instances.profile import Profile
from instances.queue.circumstances import HouseholdCircumstances
from instances.queue.living import LIVING_VALUES
from instances.queue.ties import HouseholdTies
from instances.random_stream import BoolMask, Int64Array, RandomStream
from matcher.domain.answer import Answer
from matcher.domain.household import BanReason, Household, HouseholdType, Upbringing
from matcher.domain.need_entry import Need
from matcher.domain.needs import HOUSEHOLD_NEEDS
from matcher.domain.person import Education, ImmigrationGround, Person, Sex

FieldColumns = dict[str, Sequence[Any]]
"""Values by name of the field, one per row."""
ANSWERS = {int(answer): answer for answer in Answer}
SEXES = (Sex.MAN, Sex.WOMAN)
NEED_STREAMS = {"crisis_setup": "crisis"}
"""Streams of draws whose name differs from that of the need; another name is another queue."""


def number_households(order: Int64Array) -> list[str]:
    """Create an identifier for each household, numbered in the order of the queue."""
    width = max(4, len(str(len(order))))
    ids = [""] * len(order)
    for number, row in enumerate(order.tolist(), 1):
        ids[row] = f"H-{number:0{width}d}"
    return ids


def build_persons(
    people: Population,
    ids: Sequence[str],
    hospitals: tuple[str, ...],
    profile: Profile,
    draws: RandomStream,
) -> list[Person]:
    """Build the persons, in the order of ``people``."""
    answers = NeedDraws(people, profile, draws.substream("needs")).draw_columns()
    limits = draw_hospital_limits(
        answers["hospital"], hospitals, profile, draws.substream("limits")
    )
    words, interpreter = draw_languages(people, profile, draws.substream("languages"))
    education, group = draw_education_and_occupation(people, profile, draws.substream("learning"))
    columns: FieldColumns = {
        "id": _person_ids(people, ids),
        **_fact_columns(people, profile, draws.substream("facts")),
        "unaccompanied": people.unaccompanied.tolist(),
        "languages": words,
        "interpreter": _answers(interpreter),
        **{name: _answers(column) for name, column in answers.items()},
        "hospital_minutes": limits[0],
        "hospital_name": limits[1],
        "occupation": [str(g) if g else None for g in group.tolist()],
        "education": [Education(EDUCATION_LEVELS[level]) for level in education.tolist()],
    }
    names = tuple(columns)
    rows = zip(*columns.values(), strict=True)
    return [Person(**dict(zip(names, row, strict=True))) for row in rows]


def build_household_columns(
    people: Population,
    circumstances: HouseholdCircumstances,
    ids: Sequence[str],
    profile: Profile,
    draws: RandomStream,
) -> FieldColumns:
    """Build the columns of the households, in the order of ``people``."""
    waiting, today = circumstances.waiting, profile.queue.today
    return {
        "id": ids,
        "ready_since": waiting.ready_since(today),
        "permission": waiting.permissions(today),
        "deadline": waiting.deadlines(today),
        "earliest_move": waiting.earliest_moves(today),
        "living": [LIVING_VALUES[code] for code in circumstances.living.tolist()],
        "type": _types(people, profile, draws.substream("type")),
        **{
            need.id: _answers(_household_need(need, people, circumstances.ties, profile, draws))
            for need in HOUSEHOLD_NEEDS
        },
        "upbringing": _upbringing(people, profile, draws.substream("upbringing")),
    }


def build_households(
    people: Population,
    circumstances: HouseholdCircumstances,
    columns: FieldColumns,
    persons: Sequence[Person],
    numbers: Sequence[str],
) -> list[Household]:
    """Build the households in the order of ``people``; ``numbers`` are the municipalities'."""
    ties, names = circumstances.ties, tuple(columns)
    start, size = people.structure.start.tolist(), people.structure.size.tolist()
    where = circumstances.lives_in.tolist()
    members = [tuple(persons[s : s + n]) for s, n in zip(start, size, strict=True)]
    return [
        Household(
            **dict(zip(names, row, strict=True)),
            members=members[at],
            lives_in=numbers[where[at]] if where[at] >= 0 else None,
            pinned_to=_pinned_municipality(ties, at, members[at]),
            bans=ties.bans.get(at, ()),
            wishes=ties.wishes.get(at, ()),
            family=ties.family.get(at, ()),
        )
        for at, row in enumerate(zip(*columns.values(), strict=True))
    ]


def _pinned_municipality(ties: HouseholdTies, row: int, members: Sequence[Person]) -> str | None:
    """Return the pin, or None if a member needs a named hospital, which may be elsewhere."""
    return None if any(p.hospital_name for p in members) else ties.pinned.get(row)


def _person_ids(people: Population, ids: Sequence[str]) -> list[str]:
    places, rows = people.structure.place.tolist(), people.structure.household.tolist()
    return [f"{ids[row]}-{place + 1}" for place, row in zip(places, rows, strict=True)]


def _answers(codes: Int64Array) -> list[Answer]:
    return [ANSWERS[code] for code in codes.tolist()]


def _fact_columns(people: Population, profile: Profile, draws: RandomStream) -> FieldColumns:
    """Build the columns of age, sex, origin and ground; each is unknown for a few persons."""
    unknown, everyone = profile.unknown, np.ones(len(people), dtype=np.bool_)

    def lost(name: str) -> list[bool]:
        drawn: list[bool] = (
            draws.substream(name).sample_share(everyone, getattr(unknown, name)).tolist()
        )
        return drawn

    ground = people.ground[people.structure.household].tolist()
    sex, origin = people.sex.tolist(), people.origin.tolist()
    year, month = _births(people, profile.queue.today, draws.substream("birth"))
    unknown_age = lost("age")
    return {
        "birth_year": [None if u else y for y, u in zip(year, unknown_age, strict=True)],
        "birth_month": [None if u else m for m, u in zip(month, unknown_age, strict=True)],
        "sex": [
            Sex.UNKNOWN if u else SEXES[code] for code, u in zip(sex, lost("sex"), strict=True)
        ],
        "origin": [
            "unknown" if u else ORIGINS[code]
            for code, u in zip(origin, lost("origin"), strict=True)
        ],
        "ground": [
            ImmigrationGround.UNKNOWN if u else GROUNDS[code]
            for code, u in zip(ground, lost("ground"), strict=True)
        ],
        "collective_protection": _answers(people.under_collective_protection.astype(np.int64)),
    }


def _births(people: Population, today: date, draws: RandomStream) -> tuple[list[int], list[int]]:
    """Draw years and months of birth that lead to the ages of today."""
    months_lived = 12 * people.age + draws.integers_between(1, 12, len(people))
    month_number = 12 * today.year + today.month - 1 - months_lived
    return (month_number // 12).tolist(), (month_number % 12 + 1).tolist()


def _types(people: Population, profile: Profile, draws: RandomStream) -> list[HouseholdType | None]:
    """Build household types; the unknown ones are spread evenly over all types and sizes."""
    kinds = tuple(HouseholdType)
    lost = draws.systematic_sample(people.households, profile.unknown.household_type).tolist()
    codes = people.structure.type.tolist()
    return [None if u else kinds[code] for code, u in zip(codes, lost, strict=True)]


def _draw_unknown_households(
    people: Population, rate: float, profile: Profile, draws: RandomStream
) -> BoolMask:
    collective = people.under_collective_protection[people.structure.start]
    return draw_unknown(rate, collective, profile.unknown.collective_factor, draws)


def _household_need(
    need: Need,
    people: Population,
    ties: HouseholdTies,
    profile: Profile,
    draws: RandomStream,
) -> Int64Array:
    """Draw the answer by household; those with a ban for security need a crisis set-up."""
    stream = draws.substream(NEED_STREAMS.get(need.id, need.id))
    unknown: float = getattr(profile.unknown, need.id)
    lost = _draw_unknown_households(people, unknown, profile, stream.substream("lost"))
    everyone = np.ones(people.households, dtype=np.bool_)
    share = profile.listed_needs[need.id]
    answers = draw_answers(everyone, lost, share, stream.substream("yes"))
    if need.id != "crisis_setup":
        return answers
    threatened = [
        row for row, bans in ties.bans.items() if any(b.reason is BanReason.SECURITY for b in bans)
    ]
    answers[threatened] = int(Answer.YES)
    return answers


def _upbringing(people: Population, profile: Profile, draws: RandomStream) -> list[Upbringing]:
    lost = _draw_unknown_households(
        people, profile.unknown.upbringing, profile, draws.substream("lost")
    )
    rural = draws.substream("rural").sample_share(~lost, profile.queue.rural)
    names = (Upbringing.URBAN, Upbringing.RURAL, Upbringing.UNKNOWN)
    return [names[code] for code in np.where(lost, 2, rural).tolist()]
