"""Reference persons and places of table 4, and what the model predicts of them."""

from typing import Any

from matcher.domain import Answer, HouseholdType, ImmigrationGround, OutMigrationQuartile, Sex
from matcher.stay import Horizon, StayModel
from tests.policy.rules.asked import ask, household, person, town

REFERENCE: dict[str, Any] = {
    "age": 25,
    "sex": Sex.MAN,
    "origin": "Syria",
    "ground": ImmigrationGround.ASYLUM,
}
REFERENCE_TOWN: dict[str, Any] = {
    "centrality": 3,
    "landsdel": "Østlandet",
    "population": 50000,
    "quartile": OutMigrationQuartile.LOW,
    "continuous": Answer.YES,
}


def tables(members, place, kind=HouseholdType.PARENT):
    asked = ask("stay", household(*members, type=kind), place)
    return asked.tables


def moving(members, place, horizon=Horizon.SEVEN_YEARS, kind=HouseholdType.PARENT):
    return StayModel(horizon).predict_moving(*tables(members, place, kind))[0, 0]


def everyone():
    """Persons, households and municipalities of every kind in the table, all combinations."""
    ages = (10, 20, 35, 45, 55, 65)
    origins = (
        "Syria",
        "Eritrea",
        "Somalia",
        "Afghanistan",
        "Sudan",
        "Iran",
        "Ethiopia",
        "Iraq",
        "X",
    )
    grounds = (ImmigrationGround.ASYLUM, ImmigrationGround.RESETTLEMENT, ImmigrationGround.OTHER)
    people: list[dict[str, Any]] = []
    people += [{"age": a, "sex": s} for a in ages for s in (Sex.MAN, Sex.WOMAN)]
    people += [{"age": 20, "sex": Sex.MAN, "origin": o} for o in origins]
    people += [{"age": 20, "sex": Sex.MAN, "ground": g} for g in grounds]
    queue = [
        household(person(**{**REFERENCE, **p}), id=f"P{k}", type=HouseholdType.PARENT)
        for k, p in enumerate(people)
    ]
    queue += [household(person(**REFERENCE), id=f"T{t}", type=t) for t in HouseholdType]
    places: list[dict[str, Any]] = [{"centrality": c} for c in range(1, 7)]
    places += [{"landsdel": w} for w in ("Nord-Norge", "Trøndelag", "Sørlandet", "Vestlandet")]
    places += [{"population": p} for p in (500, 3000, 7000, 15000, 30000, 90000)]
    places += [{"quartile": q} for q in OutMigrationQuartile] + [{"continuous": Answer.NO}]
    towns = [town(f"{k:04d}", **{**REFERENCE_TOWN, **p}) for k, p in enumerate(places)]
    return ask("stay", queue, towns).tables
