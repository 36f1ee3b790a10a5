"""A fitted model on a night's queue, against the built-in one and against one by one."""

import numpy as np
import pandas as pd
import pytest

from matcher.domain import Answer, HouseholdType, ImmigrationGround, OutMigrationQuartile, Sex
from matcher.policy.catalogue import load_catalogue
from matcher.stay import Coefficients, Horizon, StayModel, persons
from matcher.stay.fitting.coding import REFERENCE_LEVELS, SETTLEMENT_YEAR, DesignSpec, code_rows
from matcher.stay.fitting.fitted_effects import FittedEffects
from matcher.stay.fitting.models import LinearModel
from matcher.stay.fitting.queue_prediction import compute_pair_fits, predict_staying
from tests.policy.rules.asked import ask, household, person, town

ORIGINS = ("Syria", "Eritrea", "Iran", "Ukraine", "Iraq")


@pytest.fixture(scope="module")
def published(register) -> LinearModel:
    """Table 4 in the form of a fitted model."""
    design = DesignSpec.learn(code_rows(register.people))
    effects = Coefficients.read(Horizon.SEVEN_YEARS).by_level
    values = [0.0 if v == "pair" else effects[v, level].value for v, level in design.column_names]
    return LinearModel(
        7, (2010, 2016), FittedEffects(design, np.array(values), np.eye(len(values)))
    )


def night(known_quartile=True):
    """Households of all kinds, of whom all is known, and some places."""
    ages = (5, 15, 25, 35, 45, 55, 70)
    queue = [
        household(
            *(
                person(
                    id=f"{k}-{n}",
                    age=ages[(k + n) % 7],
                    sex=list(Sex)[(k + n) % 2],
                    origin=ORIGINS[k % 5],
                    ground=list(ImmigrationGround)[k % 3],
                )
                for n in range(1 + k % 3)
            ),
            id=f"H{k}",
            type=list(HouseholdType)[k % 5],
        )
        for k in range(30)
    ]
    quartiles = list(OutMigrationQuartile) if known_quartile else [None]
    towns = [
        town(
            f"{k:04d}",
            centrality=1 + k % 6,
            population=(900, 3000, 15000, 90000)[k % 4],
            landsdel=("Nord-Norge", "Østlandet", "Trøndelag")[k % 3],
            quartile=quartiles[k % len(quartiles)],
            continuous=Answer(k % 2),
        )
        for k in range(12)
    ]
    return ask("stay", queue, towns).tables


@pytest.mark.parametrize("known_quartile", [True, False])
def test_table_4_as_a_fitted_model_is_the_built_in_one(published, known_quartile):
    """For those of whom all is known, in places whose quartile is known or not."""
    h, m = night(known_quartile)
    assert predict_staying(published, h, m) == pytest.approx(
        np.clip(1 - StayModel().predict_moving(h, m), 0, 1)
    )


def test_every_pair_is_what_the_model_says_of_its_members(models):
    """Member by member and place by place as rows of a register, for all forms."""
    h, m = night()
    for method, model in models.items():
        got = predict_staying(model, h, m)
        for i, j in ((0, 0), (7, 3), (16, 11), (29, 5)):
            expected = 1 - np.mean(np.clip(model.predict_moving(one_by_one(h, m, i, j)), -9, 9))
            assert got[i, j] == pytest.approx(np.clip(expected, 0, 1)), (method, i, j)


def one_by_one(h, m, i, j):
    """Members of unit i as rows of a register, settled in municipality j."""
    rows = slice(h.members.start[i], h.members.start[i + 1])
    ages = (10, 20, 35, 45, 55, 65)
    group = np.searchsorted(persons.AGE_BOUNDS, h.members.age[rows], side="right")
    levels = persons.PERSON_LEVELS
    people = pd.DataFrame(
        {
            "sex": np.array(levels["sex"])[h.members.sex[rows]],
            "age": np.array(ages)[group],
            "household_type": np.array(levels["household_type"])[h.members.type[rows]],
            "origin": np.array(levels["origin"])[h.members.origin[rows]],
            "immigration_ground": np.array(levels["immigration_ground"])[h.members.ground[rows]],
        }
    )
    facts = {
        "centrality": int(m.centrality[j]),
        "population": int(m.population[j]),
        "landsdel": str(m.landsdel[j]),
        "outmigration_quartile": list(OutMigrationQuartile)[m.quartile[j]],
        "continuity": REFERENCE_LEVELS["continuity"]
        if m.continuous[j] == 1
        else "does not settle continuously",
        "cohort": 0,
    }
    return code_rows(people.assign(**facts))


@pytest.mark.parametrize("method", ["linear", "hazard", "boosting"])
def test_pair_effects_that_are_given_count(models, method):
    """A child without a school in one place: less likely to stay there, as before elsewhere."""
    h, m = night()
    fit = np.zeros((len(h), len(m)))
    fit[4, 2] = -1.0
    plain = predict_staying(models[method], h, m)
    felt = predict_staying(models[method], h, m, {"school_soon": fit})
    assert felt[4, 2] <= plain[4, 2]
    assert method == "boosting" or felt[4, 2] < plain[4, 2] - 0.02
    felt[4, 2] = plain[4, 2]
    assert felt == pytest.approx(plain)


def test_pair_effects_are_those_of_the_catalogue(models):
    """A child of 13 where there is no upper secondary school, and one of whom it is not about."""
    queue = [
        household(person(id="a"), person(id="b", age=13), id="H1"),
        household(person(id="c"), id="H2"),
    ]
    places = [town("0001", upper_secondary=Answer.NO), town("0002", upper_secondary=Answer.YES)]
    h, m = ask("stay", queue, places).tables
    fits = compute_pair_fits(models["linear"], h, m, load_catalogue().pair_effects)
    assert fits["school_soon"].tolist() == [[-1, 0], [0, 0]]
    assert set(fits) == set(models["linear"].pair_effects)


def test_a_settlement_year_that_is_to_come_has_no_effect(published):
    """The reference is the last year that the model was fitted on."""
    assert published.effects.design.levels[SETTLEMENT_YEAR] == tuple(map(str, range(2010, 2016)))


@pytest.mark.parametrize("name", ["sex", "origin", "age"])
def test_what_is_not_known_is_an_average(models, name):
    """Between the least and the most of what it could be."""
    blank = {"sex": Sex.UNKNOWN, "origin": "unknown", "age": None}[name]
    could = {
        "sex": (Sex.MAN, Sex.WOMAN),
        "age": (10, 25, 35, 45, 55, 65),
        "origin": persons.PERSON_LEVELS["origin"],
    }[name]
    known = {"age": 25, "sex": Sex.MAN, "origin": "Syria", "ground": ImmigrationGround.ASYLUM}
    queue = [
        household(person(**{**known, name: value}), id=f"H{k}", type=HouseholdType.ALONE)
        for k, value in enumerate((blank, *could))
    ]
    h, m = ask(
        "stay", queue, [town(centrality=3, population=9000, quartile=OutMigrationQuartile.LOW)]
    ).tables
    got = predict_staying(models["linear"], h, m)[:, 0]
    assert got[1:].min() <= got[0] <= got[1:].max()
