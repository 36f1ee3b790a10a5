"""What the page on ethics promises of sex and origin, and the stay model's example by hand."""

from dataclasses import fields, replace
from datetime import date

import numpy as np
import pytest

from instances import Profile, generate
from matcher import Instance, Policy, Problem
from matcher.domain import (
    Answer,
    Household,
    HouseholdType,
    ImmigrationGround,
    Municipality,
    OutMigrationQuartile,
    Person,
    Sex,
)
from matcher.domain.tables import build_tables
from matcher.policy.policy import list_policy_names
from matcher.problem.program import Program
from matcher.ranking.rank import rank
from matcher.stay import StayModel

OTHER_SEX = {Sex.MAN: Sex.WOMAN, Sex.WOMAN: Sex.UNKNOWN, Sex.UNKNOWN: Sex.MAN}


def swapped(instance: Instance) -> Instance:
    """Everyone gets another sex, and the origin of the person before them in the queue."""
    origins = [p.origin for h in instance.households for p in h.members]
    others = iter(np.roll(origins, 1).tolist())
    return instance.replace(
        households=tuple(
            replace(h, members=tuple(swap(p, next(others)) for p in h.members))
            for h in instance.households
        )
    )


def swap(person: Person, origin: str) -> Person:
    """The same person with another sex and origin."""
    return replace(person, sex=OTHER_SEX[person.sex], origin=origin)


def same(one: Program, other: Program) -> bool:
    """Whether two programs are the same, number by number."""
    return repr(numbers(one)) == repr(numbers(other))


def numbers(value):
    """A program as nested lists."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, dict):
        return {k: numbers(v) for k, v in value.items()}
    if isinstance(value, tuple):
        return [numbers(v) for v in value]
    if hasattr(value, "__dataclass_fields__"):
        return {f.name: numbers(getattr(value, f.name)) for f in fields(value)}
    return value


@pytest.mark.parametrize("policy", list_policy_names())
def test_sex_and_origin_change_no_number_of_the_program(policy):
    """What a solver is given is the same, so that plans, prices and bounds are too."""
    instance = generate(Profile.read("small"), seed=3)
    chosen = Policy.named(policy)
    assert swapped(instance) != instance
    one, other = (Problem.of(i, chosen).program for i in (instance, swapped(instance)))
    assert same(one, other)


def test_sex_and_origin_change_no_place_in_a_ranking():
    """Only the probability that is shown may differ, and it does for someone."""
    instance = generate(Profile.read("small"), seed=3)
    one, other = Problem.of(instance), Problem.of(swapped(instance))
    shown = 0
    for household in instance.households[:10]:
        first, second = rank(one, household.id), rank(other, household.id)
        order = [(o.municipality, o.net, o.own_rank) for o in first]
        assert order == [(o.municipality, o.net, o.own_rank) for o in second]
        shown += [o.stay for o in first] != [o.stay for o in second]
    assert shown


def test_the_example_by_hand_is_what_the_model_says():
    """The page on the stay model works out 32 % and 69 %."""
    man = Person("P", 25, Sex.MAN, "Syria", ImmigrationGround.ASYLUM)
    household = Household("H", date(2024, 1, 1), (man,), type=HouseholdType.ALONE)
    north = Municipality(
        "0001",
        "North",
        landsdel="Nord-Norge",
        population=3000,
        centrality=5,
        quartile=OutMigrationQuartile.MEDIUM_HIGH,
        continuous=Answer.YES,
    )
    west = Municipality(
        "0002",
        "West",
        landsdel="Vestlandet",
        population=60000,
        centrality=2,
        quartile=OutMigrationQuartile.LOW,
        continuous=Answer.YES,
    )
    tables = build_tables(Instance(date(2024, 6, 12), (household,), (north, west)))
    predicted = StayModel().predict(tables.households, tables.municipalities)
    assert predicted.probability[0].round(4).tolist() == [0.32, 0.69]
