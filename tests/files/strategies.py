"""Instances of every shape that a file can hold, unknowns included, for hypothesis."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from hypothesis import strategies as st

from matcher.domain import (
    Answer,
    Ban,
    BanReason,
    Dwelling,
    Education,
    FamilyTie,
    Household,
    HouseholdType,
    ImmigrationGround,
    Instance,
    Ledger,
    LivingSituation,
    Municipality,
    OutMigrationQuartile,
    PairProbabilities,
    Person,
    Placement,
    Plan,
    PlannedWeek,
    Sex,
    TravelTime,
    Upbringing,
    Wish,
    WishKind,
)
from matcher.domain.ledger import LEDGER_NUMBERS, NOTHING_KNOWN
from matcher.domain.planned_week import start_of_week

LANDSDELER = ("Nord-Norge", "Trøndelag", "Vestlandet", "Sørlandet", "Østlandet")
days = st.dates(date(1900, 1, 1), date(2100, 12, 31))
answers = st.sampled_from(Answer)
persons_count = st.integers(0, 5000)
language = st.sampled_from(("ar", "ti", "uk", "so", "prs"))
languages = st.lists(language, max_size=3, unique=True).map(tuple)
occupation = st.sampled_from("0123456789")
share = st.floats(0, 100, allow_nan=False)
# Letters that CSV, Excel and people make trouble with; a name begins with a letter or digit.
inside = st.text("abcæøå ,;\"':=+-@#|\\\u00e9\u4e2d0123", max_size=8)
start = st.sampled_from("aÅ7é")
text = st.builds(lambda a, b: (a + b).strip(), start, inside)
name = text.map(lambda word: word.replace(";", " ").strip())
# The plus sign joins the ids of linked households.
household_id = text.map(lambda word: word.replace("+", "-"))


def _minors_within(ledger: Ledger) -> Ledger:
    """The minors who are decided are among the persons who are."""
    if ledger.minors_decided is None or ledger.decided is None:
        return ledger
    return replace(ledger, minors_decided=min(ledger.minors_decided, ledger.decided))


ledgers = st.builds(
    Ledger,
    **{field: st.none() | persons_count for field in LEDGER_NUMBERS},
    decided_on=st.none() | days,
    decision_case=st.none() | name,
    answer_by=st.none() | days,
    new_case=answers,
    clauses=st.none() | name,
).map(_minors_within)
next_ledgers = st.just(NOTHING_KNOWN) | ledgers.map(
    lambda ledger: replace(ledger, settled=0, minors_settled=0, receive_now=None)
)


def optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A value, or None for not known."""
    return st.none() | strategy


def some(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A few values."""
    return st.lists(strategy, max_size=2).map(tuple)


def wishes(numbers: list[str]) -> st.SearchStrategy[Wish]:
    """A wish for or against a place that there is."""
    kinds = {
        WishKind.MUNICIPALITY: st.sampled_from(numbers),
        WishKind.COUNTY: st.sampled_from(("11", "03")),
        WishKind.LANDSDEL: st.sampled_from(LANDSDELER),
        WishKind.CENTRALITY: st.sampled_from("123456"),
    }
    return st.one_of(
        *(st.builds(Wish, st.just(k), value, st.booleans()) for k, value in kinds.items())
    )


def persons(identifier: str) -> st.SearchStrategy[Person]:
    """A member."""
    return st.builds(
        Person,
        st.just(identifier),
        age=optional(st.integers(0, 120)),
        sex=st.sampled_from(Sex),
        origin=st.just("unknown") | text,
        ground=st.sampled_from(ImmigrationGround),
        collective_protection=answers,
        unaccompanied=st.booleans(),
        languages=languages,
        interpreter=answers,
        hospital=answers,
        hospital_minutes=optional(st.integers(0, 1440)),
        hospital_name=optional(text),
        lar=answers,
        occupation=optional(occupation),
        education=st.sampled_from(Education),
        licence=answers,
    )


@st.composite
def households(draw: st.DrawFn, identifier: str, numbers: list[str]) -> Household:
    """A household that points to municipalities that there are."""
    number = st.sampled_from(numbers)
    pinned_to = draw(optional(number))
    bans = draw(some(st.builds(Ban, number, st.sampled_from(BanReason))))
    # Ties that must hold go with neither, so that nothing contradicts itself.
    may_bind = pinned_to is None and not bans
    ties = st.builds(FamilyTie, number, st.booleans() if may_bind else st.just(False))
    members = tuple(draw(persons(f"{identifier}/{k}")) for k in range(draw(st.integers(1, 3))))
    if all(p.age is not None and p.age < 18 for p in members):
        members = (replace(members[0], unaccompanied=True), *members[1:])
    return Household(
        identifier,
        draw(days),
        members,
        deadline=draw(optional(days)),
        earliest_move=draw(optional(days)),
        living=draw(st.sampled_from(LivingSituation)),
        lives_in=draw(optional(number)),
        type=draw(optional(st.sampled_from(HouseholdType))),
        pinned_to=pinned_to,
        bans=tuple(ban for ban in bans if ban.municipality != pinned_to),
        crisis_setup=draw(answers),
        upbringing=draw(st.sampled_from(Upbringing)),
        wishes=draw(some(wishes(numbers))),
        family=draw(some(ties)),
    )


def dwellings(identifier: str) -> st.SearchStrategy[Dwelling]:
    """A free home."""
    return st.builds(
        Dwelling,
        st.just(identifier),
        st.integers(1, 60),
        answers,
        optional(days),
        optional(text),
    )


def weeks() -> st.SearchStrategy[tuple[PlannedWeek, ...]]:
    """A plan by weeks."""
    plans = st.dictionaries(days.map(start_of_week), st.integers(0, 10_000), max_size=3)
    return plans.map(lambda plan: tuple(PlannedWeek(*week) for week in plan.items()))


@st.composite
def municipalities(draw: st.DrawFn, number: str) -> Municipality:
    """A municipality with anything known or not."""
    services = ("upper_secondary", "lar", "minors_setup", "reports_dwellings", "continuous")
    given: dict[str, Any] = {service: draw(answers) for service in services}
    return Municipality(
        number,
        draw(text),
        county=draw(st.sampled_from(("", "Rogaland"))),
        county_number=draw(st.sampled_from(("", "11"))),
        landsdel=draw(st.sampled_from(("", *LANDSDELER))),
        population=draw(optional(persons_count)),
        centrality=draw(optional(st.integers(1, 6))),
        latitude=draw(optional(st.floats(57, 82))),
        longitude=draw(optional(st.floats(-10, 35))),
        ledger=draw(ledgers),
        next_ledger=draw(next_ledgers),
        earliest=draw(optional(days)),
        lead_days=draw(optional(st.integers(0, 730))),
        interpreter_languages=draw(optional(languages | st.just(("*",)))),
        hospitals=draw(some(name)),
        dwellings=tuple(draw(dwellings(f"{number}/{k}")) for k in range(draw(st.integers(0, 2)))),
        weeks=draw(weeks()),
        immigrant_share=draw(optional(share)),
        quartile=draw(optional(st.sampled_from(OutMigrationQuartile))),
        communities=draw(some(st.tuples(language, persons_count))),
        jobs=draw(some(st.tuples(occupation, share))),
        **given,
    )


@st.composite
def instances(draw: st.DrawFn) -> Instance:
    """A small instance with every table filled or not."""
    numbers = draw(st.lists(st.sampled_from(("0301", "1103", "5501")), min_size=1, unique=True))
    ids = draw(st.lists(household_id, max_size=3, unique=True))
    pairs = [(one, other) for one in ids for other in ids if one < other]
    times = draw(st.lists(st.tuples(st.sampled_from(numbers), text), max_size=2, unique=True))
    today = draw(days)
    queue = (draw(households(identifier, numbers)) for identifier in ids)
    return Instance(
        today,
        tuple(_waiting_at_most_ten_years(household, today) for household in queue),
        tuple(draw(municipalities(number)) for number in numbers),
        name=draw(st.text(max_size=10).filter(_toml_can_hold)),
        links=tuple(draw(st.lists(st.sampled_from(pairs), max_size=2))) if pairs else (),
        travel_times=tuple(TravelTime(*pair, draw(st.integers(0, 2880))) for pair in times),
        earlier_plan=draw(plans(ids, numbers)),
        suggestions=draw(plans(ids, numbers)),
        probabilities=draw(optional(probabilities(ids, numbers))) if ids else None,
        made_up=draw(some(text)),
    )


@st.composite
def plans(draw: st.DrawFn, ids: list[str], numbers: list[str]) -> Plan:
    """A plan of some of the households."""
    placed = draw(st.lists(st.sampled_from(ids), unique=True)) if ids else []
    number = st.sampled_from(numbers)
    return Plan(tuple(Placement(h, draw(number), draw(optional(days))) for h in placed))


@st.composite
def probabilities(draw: st.DrawFn, ids: list[str], numbers: list[str]) -> PairProbabilities:
    """A probability for some of the pairs."""
    pairs = st.tuples(st.sampled_from(ids), st.sampled_from(numbers))
    chosen = draw(st.lists(pairs, unique=True))
    return PairProbabilities(
        np.array([h for h, _ in chosen], dtype=np.str_),
        np.array([m for _, m in chosen], dtype=np.str_),
        np.array([draw(st.floats(0, 1)) for _ in chosen], dtype=np.float64),
    )


def _waiting_at_most_ten_years(household: Household, today: date) -> Household:
    """Nobody has waited longer, and a file that says so is refused."""
    if (today - household.ready_since).days <= 3650:
        return household
    return replace(household, ready_since=max(date(1900, 1, 1), today - timedelta(days=3650)))


def _toml_can_hold(name: str) -> bool:
    return not any(0xD800 <= ord(letter) <= 0xDFFF for letter in name)
