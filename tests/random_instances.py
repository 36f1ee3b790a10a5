"""Small random instances that exercise every rule and term, seeded."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from matcher.domain import (
    Answer,
    Ban,
    BanReason,
    Dwelling,
    FamilyTie,
    Household,
    ImmigrationGround,
    Instance,
    Municipality,
    OutMigrationQuartile,
    Person,
    Placement,
    Plan,
    PlannedWeek,
    Sex,
    Upbringing,
    Wish,
    WishKind,
)
from tests.ledgers import known

T = TypeVar("T")
TODAY = date(2024, 4, 15)
NUMBERS = ("0301", "1103", "1860", "4203", "5001", "5501", *(f"{3100 + k}" for k in range(30)))
LANDSDELER = ("Østlandet", "Vestlandet", "Nord-Norge", "Sørlandet", "Trøndelag", "Nord-Norge")
ORIGINS = ("Syria", "Eritrea", "Ukraine", "Somalia", "unknown")
LANGUAGES = ("ar", "ti", "uk", "so")
SERVICES = (
    "upper_secondary",
    "lar",
    "step_free",
    "specialist_care",
    "special_schooling",
    "crisis_setup",
    "minors_setup",
)


def random_instance(
    seed: int,
    households: int = 4,
    municipalities: int = 3,
    *,
    bars: float = 1.0,
    room: float = 1.0,
    twins: int = 1,
) -> Instance:
    """Make an instance in which most rules bind somewhere.

    ``bars`` says how much of the needs and bans is kept, ``room`` how much of the open places;
    with ``twins`` each household comes so many times, alike in all but its identifiers.
    """
    random = Random(seed)
    places = tuple(_roomier(_municipality(random, k), room) for k in range(municipalities))
    queue = tuple(_eased(_household(random, k, places), random, bars) for k in range(households))
    # Drawn apart, so that what stands above is the same with and without.
    apart = Random(f"{seed} apart")
    places = tuple(_planned(_surrounded(m, apart), seed) for m in places)
    queue = tuple(_told(h, apart) for h in queue)
    queue = tuple(_wishing(h, places, Random(f"{seed} {h.id} wishes")) for h in queue)
    queue = tuple(_twin(h, n) for h in queue for n in range(twins))
    links = ((queue[0].id, queue[1].id),) if households > 1 and random.random() < 0.2 else ()
    earlier = tuple(
        Placement(h.id, random.choice(places).number) for h in queue if random.random() < 0.2
    )
    night = Random(f"{seed} the night before")
    suggestions = tuple(
        Placement(h.id, night.choice(places).number) for h in queue if night.random() < 0.6
    )
    return Instance(
        TODAY,
        queue,
        places,
        links=links,
        earlier_plan=Plan(earlier),
        suggestions=Plan(suggestions),
    )


def _surrounded(m: Municipality, random: Random) -> Municipality:
    """With what it offers beyond services."""
    jobs = tuple((o, random.choice([0.4, 0.85, 1.0, 1.3, 2.5])) for o in ("5", "7"))
    return replace(
        m,
        jobs=random.choice([(), jobs[:1], jobs]),
        higher_education=_answer(random, 0.3, 0.2),
        public_transport=_answer(random, 0.4, 0.2),
    )


def _planned(m: Municipality, seed: int) -> Municipality:
    """With a plan by weeks, now and then with gaps or in the past."""
    random = Random(f"{seed} weeks {m.number}")
    if random.random() < 0.6:
        return m
    weeks = random.sample(range(-1, 14), random.randint(1, 5))
    monday = TODAY - timedelta(days=TODAY.weekday())
    plan = (PlannedWeek(monday + timedelta(weeks=w), random.randint(0, 6)) for w in weeks)
    return replace(m, weeks=tuple(plan))


def _told(h: Household, random: Random) -> Household:
    """With what it hopes for and can do."""
    wishes = (
        Wish(WishKind.LANDSDEL, "Nord-Norge", random.random() < 0.5),
        Wish(WishKind.CENTRALITY, str(random.randint(1, 6)), random.random() < 0.6),
        Wish(WishKind.LANDSDEL, "Østlandet"),
    )
    members = tuple(
        replace(
            p,
            study_hopes=_answer(random, 0.3, 0.3),
            occupation=random.choice([None, "2", "5", "7"]),
            licence=_answer(random, 0.2, 0.2),
        )
        for p in h.members
    )
    said = tuple(w for w in wishes if random.random() < 0.2)
    return replace(h, members=members, wishes=said, upbringing=random.choice(list(Upbringing)))


def _wishing(h: Household, places: tuple[Municipality, ...], random: Random) -> Household:
    """With wishes for and against municipalities and counties, some of which there are not."""
    wishes = (
        Wish(WishKind.MUNICIPALITY, random.choice([m.number for m in places]), True),
        Wish(WishKind.MUNICIPALITY, random.choice(["9999", places[0].number]), False),
        Wish(WishKind.COUNTY, random.choice(["1", "2", "9"]), random.random() < 0.6),
    )
    return replace(h, wishes=(*h.wishes, *(w for w in wishes if random.random() < 0.25)))


def _twin(h: Household, n: int) -> Household:
    return h if n == 0 else replace(h, id=f"{h.id}-twin-{n}")


def _roomier(m: Municipality, room: float) -> Municipality:
    decided = m.ledger.settled + m.ledger.promised + round(room * max(0, m.ledger.open))
    return m if room == 1 else replace(m, ledger=replace(m.ledger, decided=decided))


def _eased(h: Household, random: Random, bars: float) -> Household:
    """Drop needs, bans, pins and ties now and then, so that more pairs are allowed."""
    if bars == 1:
        return h

    def keep(what: T, otherwise: T) -> T:
        return what if random.random() < bars else otherwise

    needs = ("upper_secondary", "hospital", "lar", "step_free", "specialist_care")
    members = tuple(
        replace(p, **{n: keep(getattr(p, n), Answer.UNKNOWN) for n in needs}) for p in h.members
    )
    return replace(
        h,
        members=members,
        bans=keep(h.bans, ()),
        family=keep(h.family, ()),
        pinned_to=keep(h.pinned_to, None),
        crisis_setup=keep(h.crisis_setup, Answer.NO),
    )


def _answer(random: Random, yes: float, unknown: float = 0.1) -> Answer:
    draw = random.random()
    return Answer.YES if draw < yes else Answer.UNKNOWN if draw < yes + unknown else Answer.NO


def _municipality(random: Random, k: int) -> Municipality:
    minors = random.randint(0, 2)
    return Municipality(
        number=NUMBERS[k],
        name=f"Place {k}",
        county=f"County {k % 2}",
        county_number=("1", "2", "")[k % 3],
        landsdel=LANDSDELER[k % len(LANDSDELER)],
        population=random.choice([None, 1500, 4000, 30000, 90000]),
        centrality=random.choice([None, 1, 3, 5, 6]),
        latitude=58.0 + 3 * (k % 5),
        longitude=8.0 + k % 7,
        ledger=known(
            decided=random.randint(3, 14),
            settled=random.randint(0, 3),
            promised=random.randint(0, 2),
            extra=random.randint(0, 3),
            minors_decided=minors,
            receive_now=random.choice([None, 3, 5, 8]),
        ),
        earliest=random.choice([None, TODAY + timedelta(days=random.randint(1, 90))]),
        lead_days=random.choice([None, 14, 45]),
        hospitals=(f"Hospital {k}",) if k % 2 == 0 else (),
        interpreter_languages=random.choice([None, ("*",), ("ar", "uk"), ()]),
        reports_dwellings=_answer(random, 0.5),
        dwellings=tuple(_dwelling(random, k, d) for d in range(random.randint(0, 3))),
        immigrant_share=random.choice([None, 8.0, 28.0]),
        quartile=random.choice([None, *OutMigrationQuartile]),
        continuous=_answer(random, 0.6, 0.3),
        communities=tuple((w, random.randint(0, 60)) for w in LANGUAGES[:2]),
        **{name: _answer(random, 0.7) for name in SERVICES},  # type: ignore[arg-type]
    )


def _dwelling(random: Random, k: int, d: int) -> Dwelling:
    free = random.choice([None, TODAY + timedelta(days=random.randint(1, 150))])
    return Dwelling(f"D{k}-{d}", random.randint(1, 5), _answer(random, 0.4), free)


def _person(random: Random, name: str, age: int | None, alone: bool) -> Person:
    return Person(
        id=name,
        age=age,
        sex=random.choice(list(Sex)),
        origin=random.choice(ORIGINS),
        ground=random.choice(list(ImmigrationGround)),
        collective_protection=_answer(random, 0.3),
        unaccompanied=alone and (age == 15 or (age is None and random.random() < 0.4)),
        languages=tuple(random.sample(LANGUAGES, random.randint(0, 2))),
        interpreter=_answer(random, 0.4),
        upper_secondary=_answer(random, 0.1),
        hospital=_answer(random, 0.1),
        hospital_minutes=random.choice([None, 60, 400]),
        hospital_name=random.choice([None, None, "Hospital 0"]),
        lar=_answer(random, 0.1),
        step_free=_answer(random, 0.15),
        specialist_care=_answer(random, 0.05),
        special_schooling=_answer(random, 0.05),
    )


def _household(random: Random, k: int, places: tuple[Municipality, ...]) -> Household:
    size = random.choice([1, 1, 2, 3, 4, 6])
    ages = [random.choice([15, 24, 35, None])] + [
        random.choice([3, 16, 33, 50, 64]) for _ in range(size - 1)
    ]
    reasons = list(BanReason)
    return Household(
        id=f"H{k}",
        ready_since=TODAY - timedelta(days=random.randint(-5, 300)),
        deadline=random.choice([None, TODAY - timedelta(days=random.randint(-50, 200))]),
        earliest_move=random.choice([None, TODAY + timedelta(days=random.randint(0, 60))]),
        members=tuple(_person(random, f"H{k}-{p}", a, size == 1) for p, a in enumerate(ages)),
        pinned_to=random.choice(places).number if random.random() < 0.08 else None,
        bans=tuple(Ban(m.number, random.choice(reasons)) for m in places if random.random() < 0.08),
        crisis_setup=_answer(random, 0.05),
        family=tuple(
            FamilyTie(m.number, random.random() < 0.4) for m in places if random.random() < 0.12
        ),
    )
