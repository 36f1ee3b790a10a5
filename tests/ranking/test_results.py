"""A result written to a folder and read back: plan, prices, and what is damaged."""

import json
from dataclasses import replace
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest

from matcher import Policy, StopCriteria, solve
from matcher.problem.prices import Prices
from matcher.problem.problem import Problem
from matcher.report.result_writing import NEGLIGIBLE_PRICE
from matcher.report.results import (
    DamagedResultError,
    ResultNotFoundError,
    plan_frame,
    read_result,
    write_result,
)
from matcher.solve import price_places
from tests.ranking.cases import PLAIN, adults, made, place, random_case


def solved(problem):
    """A result with prices."""
    result = solve(problem, backend="highs", stop=StopCriteria(60, 0))
    return replace(result, prices=price_places(problem, result.choice))


def scarce():
    """Two linked households and one alone; places for three at once, for the fourth in ten days."""
    queue = [adults("H"), adults("I", 2), adults("J")]
    return made(queue, [place("0001", 3), place("0002", 9, 10)], links=[("H", "I")])


@pytest.fixture
def folder(tmp_path):
    """A result with prices in a folder."""
    problem = scarce()
    return write_result(tmp_path / "plan", problem, solved(problem))


def same(one, other):
    """Whether two sets of prices are the same to the last bit."""
    pairs = zip((*one.resources, *one.spreads), (*other.resources, *other.spreads), strict=True)
    return one.placed == other.placed and all(np.array_equal(a, b) for a, b in pairs)


@pytest.mark.parametrize("seed", range(8))
def test_prices_come_back_to_the_last_bit(tmp_path, seed):
    """Prices with all the digits that a number has, those of next to nothing left out."""
    problem, _ = random_case(seed)
    random = np.random.default_rng(seed)

    def digits(shape):
        values = random.normal(size=shape) * 10.0 ** random.integers(-6, 5, size=shape)
        return np.where(np.abs(values) > NEGLIGIBLE_PRICE, values, 0.0) * (
            random.random(shape) < 0.7
        )

    parts = problem.program
    prices = Prices(
        tuple(np.abs(digits(r.limit.shape)) for r in parts.resources),
        tuple(digits(s.base.shape) for s in parts.spreads),
        float(random.random()),
    )
    result = replace(solve(problem, backend="greedy"), prices=prices)
    saved = read_result(write_result(tmp_path, problem, result))
    assert same(saved.prices_for(problem), prices)


def test_prices_hold_for_the_same_files_and_policy_only():
    """Another place more or another policy, and there are none; other names matter not."""
    problem = scarce()
    result = solved(problem)
    changed = problem.instance.replace(municipalities=(place("0001", 2), place("0002", 9, 10)))
    assert of_problem(problem, result) is not None
    assert of_problem(problem, result, Problem.of(problem.instance, replace(PLAIN, name="x")))
    assert of_problem(problem, result, Problem.of(changed, PLAIN)) is None
    other = PLAIN.with_term("stability", threshold=6.0)
    assert of_problem(problem, result, Problem.of(problem.instance, other)) is None


def of_problem(problem, result, asked=None):
    """Prices of a result of one problem for another, without a folder between."""
    with TemporaryDirectory() as folder:
        return read_result(write_result(folder, problem, result)).prices_for(asked or problem)


def test_a_result_without_prices_has_none_even_where_an_older_one_had(folder):
    """The old prices are removed, as is a plan in another format."""
    problem = scarce()
    write_result(folder, problem, solve(problem, backend="greedy"), "parquet")
    assert {p.name for p in folder.iterdir()} == {"plan.parquet", "result.json"}
    assert read_result(folder).prices_for(problem) is None


def test_the_policy_comes_back_whole(tmp_path):
    """Rules, terms and parameters, so that its hash is the same."""
    policy = Policy.named("stay-first").with_term("concentration", persons=3)
    problem = Problem.of(scarce().instance, policy)
    saved = read_result(write_result(tmp_path, problem, solve(problem, backend="greedy")))
    assert saved.policy.hash == policy.hash
    assert saved.policy.name == policy.name


def test_the_plan_counts_the_persons_of_each_of_linked_households(folder):
    """One and two and one: each its own row, four persons in all, none counted twice."""
    problem = scarce()
    rows = plan_frame(problem, solved(problem)).set_index("household")
    assert dict(rows["persons"]) == {"H": 1, "I": 2, "J": 1}
    assert rows["municipality"]["H"] == rows["municipality"]["I"]
    written = pd.read_csv(folder / "plan.csv")
    facts = json.loads((folder / "result.json").read_text())
    assert written["persons"].sum() == facts["measures"]["placed"] == 4


@pytest.mark.parametrize("seed", range(12))
def test_the_persons_of_the_plan_are_the_persons_placed(seed):
    """On random queues, some of them with links."""
    problem, _ = random_case(seed)
    result = solve(problem, backend="greedy")
    assert plan_frame(problem, result)["persons"].sum() == result.score.placed


def test_an_empty_plan_is_written_and_read_back(tmp_path):
    """No row, but a plan all the same."""
    problem = made([adults("H", 2)], [place("0001", 1)])
    saved = read_result(write_result(tmp_path, problem, solve(problem, backend="greedy")))
    assert len(saved.plan) == 0


def test_a_folder_without_a_result_is_named_with_what_to_do(tmp_path):
    """No plan, or a plan without its result."""
    with pytest.raises(ResultNotFoundError, match="treffsikker plan"):
        read_result(tmp_path)
    (tmp_path / "plan.csv").write_text("household,municipality,earliest\n")
    with pytest.raises(ResultNotFoundError, match="holds no plan"):
        read_result(tmp_path)


def cut(text):
    """The first half."""
    return text[: len(text) // 2]


def without(key):
    """One fact less."""
    return lambda text: json.dumps({k: v for k, v in json.loads(text).items() if k != key})


def with_fact(key, value):
    """One fact changed."""
    return lambda text: json.dumps({**json.loads(text), key: value})


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (cut, "damaged"),
        (lambda _: "", "damaged"),
        (lambda _: "5", "damaged"),
        (lambda _: "[]", "lacks hashes"),
        (without("policy_content"), "lacks policy_content"),
        (without("placed_price"), "lacks placed_price"),
        (with_fact("hashes", {"instance": "x"}), "damaged"),
        (with_fact("policy_content", {"rules": {}}), "damaged"),
        (with_fact("policy_content", None), "damaged"),
        (with_fact("placed_price", "much"), "damaged"),
    ],
)
def test_a_damaged_result_is_named(folder, damage, said):
    """The file, what is wrong, and that planning again mends it."""
    file = folder / "result.json"
    file.write_text(damage(file.read_text()))
    with pytest.raises(DamagedResultError, match=rf"result\.json .*{said}.*; plan again"):
        read_result(folder)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda _: "", "damaged"),
        (lambda text: text.replace("price", "prize"), "lacks price"),
        (lambda text: text.replace("10.0", "ten"), "damaged"),
        (lambda text: text.replace("places_this_year,0", "places_this_year,one"), "damaged"),
        (lambda text: text + '"', "damaged"),
    ],
)
def test_damaged_prices_are_named(folder, damage, said):
    """Empty, a column gone, letters for numbers, a quote that does not end."""
    file = folder / "prices.csv"
    changed = damage(file.read_text())
    assert changed != file.read_text()
    file.write_text(changed)
    with pytest.raises(DamagedResultError, match=rf"prices\.csv .*{said}.*; plan again"):
        read_result(folder)
