"""Made-up register data: whole person-years, with a truth that is what it says."""

import numpy as np
import pandas as pd
import pytest

from instances.register import SimulationTruth, simulate_register
from instances.register.register_places import register_places
from instances.register.truth import MOVE_YEAR_SHARES
from matcher.stay import Coefficients, Horizon

COUNT = 4000


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    """A register with two planted pair effects, in which some are lost."""
    truth = SimulationTruth(pair_sizes={"school_soon": 0.08, "rural_or_urban": 0.05}, lost=0.02)
    return simulate_register(COUNT, 3, truth)


def test_the_same_seed_gives_the_same_register(rows):
    """And another one another."""
    truth = SimulationTruth(pair_sizes={"school_soon": 0.08, "rural_or_urban": 0.05}, lost=0.02)
    pd.testing.assert_frame_equal(rows, simulate_register(COUNT, 3, truth))
    assert not rows["municipality"].equals(simulate_register(COUNT, 4, truth)["municipality"])


def test_years_are_whole_and_end_with_the_move(rows):
    """From 1 on without gaps, at most seven, and nothing after a move."""
    by_person = rows.groupby("person")["year"]
    assert (by_person.min() == 1).all()
    assert (by_person.max() == by_person.size()).all()
    assert by_person.max().max() == len(MOVE_YEAR_SHARES)
    moved = rows[rows["moved"]]
    assert moved["person"].is_unique
    assert (moved["year"].to_numpy() == by_person.max()[moved["person"]].to_numpy()).all()


def test_some_are_lost_before_the_end(rows):
    """Neither moved nor followed to the seventh year: about 2 % of those there each year."""
    last = rows.groupby("person").tail(1)
    lost = ~last["moved"] & (last["year"] < len(MOVE_YEAR_SHARES))
    assert 0.05 < lost.mean() < 0.15


def test_as_many_move_as_the_truth_says():
    """Within three standard errors, within seven years and within five (57 % of these)."""
    rows = simulate_register(COUNT, 5)
    first = rows.groupby("person").head(1)
    expected = first["true_moving"].mean()
    error = np.sqrt((first["true_moving"] * (1 - first["true_moving"])).sum()) / COUNT
    assert rows["moved"].sum() / COUNT == pytest.approx(expected, abs=3 * error)
    early = rows.loc[rows["year"] <= 5, "moved"].sum() / COUNT
    assert early == pytest.approx(sum(MOVE_YEAR_SHARES[:5]) * expected, abs=3 * error)


def test_the_truth_is_table_4_and_what_is_planted():
    """Least squares of the true probability on the facts of a few gives the coefficients."""
    truth = SimulationTruth(pair_sizes={"school_soon": 0.08}, between=0.0)
    people = simulate_register(COUNT, 6, truth).groupby("person").head(1)
    coefficients = Coefficients.read(Horizon.SEVEN_YEARS)
    women = people[people["sex"] == "woman"].drop(columns=["person", "true_moving"])
    assert len(women) > 500
    for row in people.head(200).itertuples():
        assert row.true_moving == pytest.approx(worked(row, coefficients), abs=1e-9)


def worked(row, coefficients) -> float:
    """One person's probability, summed by hand."""
    ages = ((18, "under 18"), (30, "18-29"), (40, "30-39"), (50, "40-49"), (60, "50-59"))
    age = next((name for bound, name in ages if row.age < bound), "60+")
    sizes = (
        (2000, "under 2000"),
        (5000, "2000-4999"),
        (10000, "5000-9999"),
        (20000, "10000-19999"),
        (50000, "20000-49999"),
    )
    size = next((name for bound, name in sizes if row.population < bound), "50000+")
    total = coefficients.coefficient("constant").value
    for variable, level in {
        "settlement_year": str(row.cohort),
        "sex": row.sex,
        "age": age,
        "household_type": row.household_type,
        "origin": row.origin,
        "immigration_ground": row.immigration_ground,
        "centrality": str(row.centrality),
        "landsdel": row.landsdel,
        "population": size,
        "continuity": row.continuity,
        "outmigration_quartile": row.outmigration_quartile,
    }.items():
        total += coefficients.coefficient(variable, level).value
    if row.sex == "woman" and age != "18-29":
        total += coefficients.coefficient("sex*age", f"woman {age}").value
    return total - 0.08 * row.pair_school_soon


def test_school_soon_is_of_teenagers_where_there_is_none(rows):
    """Of 12 to 15 years; nothing for anyone else."""
    hit = rows["age"].between(12, 15) & ~rows["has_school"]
    assert hit.any()
    assert (rows["pair_school_soon"] == np.where(hit, -1, 0)).all()


def test_nowhere_is_better_where_places_do_not_matter():
    """Persons with the same facts move alike, wherever they came."""
    people = (
        simulate_register(COUNT, 7, SimulationTruth.with_equal_places()).groupby("person").head(1)
    )
    facts = ["sex", "household_type", "origin", "immigration_ground", "cohort"]
    ages = pd.cut(people["age"], [-1, 17, 29, 39, 49, 59, 99])
    spread = people.groupby([*facts, ages], observed=True)["true_moving"].agg(np.ptp)
    assert spread.max() < 1e-9
    assert people["centrality"].nunique() == 6


def test_probabilities_are_probabilities(rows):
    """All within 0 and 1; with clipping nobody is left out."""
    assert rows["true_moving"].between(0, 1).all()
    clipped = simulate_register(COUNT, 3, clipped=True).groupby("person").head(1)
    assert (clipped["true_moving"] == 0).any()


def test_places_are_the_real_ones():
    """357, with a quarter in each quartile and shares that make a whole."""
    table = register_places()
    assert len(table) == 357
    assert table["weight"].sum() == pytest.approx(1)
    counts = table["outmigration_quartile"].value_counts()
    assert all(abs(n - 89) < 25 for n in counts)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"pair_sizes": {"sunshine": 0.1}}, "sunshine"),
        ({"lost": 1.0}, "lost"),
        ({"between": -1}, "-1"),
    ],
)
def test_a_truth_that_cannot_be_is_refused(facts, said):
    """By the name of what is wrong."""
    with pytest.raises(ValueError, match=said):
        SimulationTruth(**facts)
