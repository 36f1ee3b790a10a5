"""Hypothesis strategies in the words of the field: persons, households, municipalities, nights."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from matcher.domain import (
    Answer,
    Ban,
    BanReason,
    Dwelling,
    FamilyTie,
    Household,
    HouseholdType,
    ImmigrationGround,
    Instance,
    Municipality,
    OutMigrationQuartile,
    Person,
    Placement,
    Plan,
    Sex,
    Upbringing,
    Wish,
    WishKind,
)
from matcher.domain.ledger import Ledger
from tests.ledgers import known

TODAY = date(2024, 4, 15)
LANDSDELER = ("Nord-Norge", "Trøndelag", "Vestlandet", "Sørlandet", "Østlandet", "")
ORIGINS = ("Syria", "Eritrea", "Somalia", "Ukraine", "unknown")
LANGUAGES = ("ar", "so", "ti", "uk")
OCCUPATIONS = ("2", "5", "7")
HOSPITALS = ("Hospital 0", "Hospital 1")

answers = st.sampled_from(Answer)
rare_needs = st.sampled_from([Answer.NO] * 6 + [Answer.UNKNOWN] * 2 + [Answer.YES])
common_services = st.sampled_from([Answer.YES] * 5 + [Answer.UNKNOWN, Answer.NO])
days = st.integers(-300, 200).map(lambda n: TODAY + timedelta(days=n))


def maybe(what: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Something, or not known."""
    return st.none() | what


def mostly(what: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Something, and once in a while not known."""
    return st.integers(0, 5).flatmap(lambda n: what if n else st.none())


@st.composite
def persons(draw: st.DrawFn, name: str = "P") -> Person:
    """A person of whom much or little is known."""
    age = draw(maybe(st.integers(0, 90)))
    return Person(
        id=name,
        age=age,
        sex=draw(st.sampled_from(Sex)),
        origin=draw(st.sampled_from(ORIGINS)),
        ground=draw(st.sampled_from(ImmigrationGround)),
        collective_protection=draw(answers),
        unaccompanied=draw(st.booleans()) and (age is None or age < 18),
        languages=tuple(draw(st.lists(st.sampled_from(LANGUAGES), max_size=2, unique=True))),
        interpreter=draw(answers),
        upper_secondary=draw(rare_needs),
        study_hopes=draw(answers),
        hospital=draw(rare_needs),
        hospital_minutes=draw(maybe(st.integers(10, 600))),
        hospital_name=draw(maybe(st.sampled_from(HOSPITALS))),
        lar=draw(rare_needs),
        step_free=draw(rare_needs),
        specialist_care=draw(rare_needs),
        special_schooling=draw(rare_needs),
        occupation=draw(maybe(st.sampled_from(OCCUPATIONS))),
        licence=draw(answers),
    )


wishes = st.builds(
    Wish, st.just(WishKind.CENTRALITY), st.sampled_from("123456"), st.booleans()
) | st.builds(
    Wish, st.just(WishKind.LANDSDEL), st.sampled_from(["Nord-Norge", "Østlandet"]), st.booleans()
)


@st.composite
def households(draw: st.DrawFn, name: str, numbers: tuple[str, ...]) -> Household:
    """A household with ties, bans and pins to some of the municipalities."""
    size = draw(st.integers(1, 4))
    where = st.sampled_from(numbers)
    bans = st.builds(Ban, where, st.sampled_from(BanReason))
    ties = st.builds(FamilyTie, where, st.booleans())
    return Household(
        id=name,
        ready_since=draw(days),
        deadline=draw(maybe(days)),
        earliest_move=draw(maybe(days)),
        members=tuple(draw(persons(f"{name}-{k}")) for k in range(size)),
        type=draw(maybe(st.sampled_from(HouseholdType))),
        pinned_to=draw(st.sampled_from([None] * 8 + list(numbers))),
        bans=tuple(draw(st.lists(bans, max_size=1))),
        crisis_setup=draw(rare_needs),
        family=tuple(draw(st.lists(ties, max_size=1))),
        upbringing=draw(st.sampled_from(Upbringing)),
        wishes=tuple(draw(st.lists(wishes, max_size=2))),
    )


@st.composite
def dwellings(draw: st.DrawFn, name: str) -> Dwelling:
    """A free home."""
    return Dwelling(name, draw(st.integers(1, 6)), draw(answers), draw(maybe(days)))


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    """What a municipality has decided and used."""
    return known(
        decided=draw(mostly(st.integers(0, 15))),
        settled=draw(mostly(st.integers(0, 3))),
        promised=draw(mostly(st.integers(0, 2))),
        extra=draw(st.integers(0, 4)),
        minors_decided=draw(st.integers(0, 3)),
        receive_now=draw(maybe(st.integers(0, 9))),
    )


@st.composite
def municipalities(draw: st.DrawFn, number: str) -> Municipality:
    """A municipality of which much or little is known."""
    spoken = st.lists(st.sampled_from(LANGUAGES), max_size=2, unique=True).map(tuple)
    homes = draw(st.integers(0, 3))
    return Municipality(
        number=number,
        name=f"Place {number}",
        landsdel=draw(st.sampled_from(LANDSDELER)),
        population=draw(maybe(st.integers(200, 200_000))),
        centrality=draw(maybe(st.integers(1, 6))),
        latitude=draw(st.floats(58, 70)),
        longitude=draw(st.floats(5, 30)),
        ledger=draw(ledgers()),
        earliest=draw(maybe(days)),
        lead_days=draw(maybe(st.integers(0, 60))),
        hospitals=tuple(draw(st.lists(st.sampled_from(HOSPITALS), max_size=1))),
        interpreter_languages=draw(maybe(spoken | st.just(("*",)))),
        reports_dwellings=draw(answers),
        dwellings=tuple(draw(dwellings(f"{number}-{k}")) for k in range(homes)),
        immigrant_share=draw(maybe(st.floats(2, 40))),
        quartile=draw(maybe(st.sampled_from(OutMigrationQuartile))),
        continuous=draw(answers),
        communities=tuple((w, draw(st.integers(0, 60))) for w in LANGUAGES[:2]),
        jobs=tuple((o, draw(st.sampled_from([0.2, 0.9, 1.25, 3.0]))) for o in OCCUPATIONS[:2]),
        higher_education=draw(answers),
        public_transport=draw(answers),
        **{name: draw(common_services) for name in SERVICES},  # type: ignore[arg-type]
    )


SERVICES = (
    "upper_secondary",
    "lar",
    "step_free",
    "specialist_care",
    "special_schooling",
    "crisis_setup",
    "minors_setup",
)


@st.composite
def nights(draw: st.DrawFn, most: int = 5) -> Instance:
    """A queue, municipalities, links and open proposals."""
    numbers = tuple(f"{n:04d}" for n in range(1, 1 + draw(st.integers(1, 3))))
    names = [f"H{k}" for k in range(draw(st.integers(1, most)))]
    pairs = st.tuples(st.sampled_from(names), st.sampled_from(names))
    proposed = draw(st.lists(st.sampled_from(names), unique=True, max_size=2))
    placements = tuple(Placement(n, draw(st.sampled_from(numbers))) for n in proposed)
    return Instance(
        TODAY,
        tuple(draw(households(name, numbers)) for name in names),
        tuple(draw(municipalities(number)) for number in numbers),
        links=tuple(draw(st.lists(pairs, max_size=1))),
        earlier_plan=Plan(placements),
        suggestions=Plan(
            tuple(Placement(n, draw(st.sampled_from(numbers))) for n in dict.fromkeys(names))
        ),
    )


def with_persons(instance: Instance, change: Any) -> Instance:
    """The same night with every person changed."""
    queue = tuple(
        replace(h, members=tuple(change(p) for p in h.members)) for h in instance.households
    )
    return instance.replace(households=queue)
