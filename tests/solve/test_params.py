"""Parameters of the solvers: checked, documented, read from files, and used."""

import inspect
import re
import time
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from matcher import Problem, StopCriteria, solve
from matcher.domain.errors import SolverParamsError
from matcher.report.result_writing import result_facts
from matcher.solve.params import checks
from matcher.solve.params.checks import ABOVE_0, Interval, param_fields
from matcher.solve.params.lp_params import CutParams, RelaxationParams
from matcher.solve.params.search_params import LnsParams, StoppingParams, TimeParams
from matcher.solve.params.solver_params import (
    BackendParams,
    BlockParams,
    PricedParams,
    SolverParams,
)
from matcher.solve.stopping import SearchClock
from tests.random_instances import random_instance

SOLVE = Path(checks.__file__).parents[1]


def sections(params):
    """All parameters that have numbers of their own."""
    if param_fields(params.__class__):
        yield params
    for field in fields(params):
        value = getattr(params, field.name)
        if is_dataclass(value):
            yield from sections(value)


EVERY = [
    (type(params), name, field)
    for params in sections(SolverParams())
    for name, field in param_fields(params.__class__).items()
]
NAMES = [f"{params_class.__name__}.{name}" for params_class, name, _ in EVERY]


@pytest.mark.parametrize(("params_class", "name", "field"), EVERY, ids=NAMES)
def test_the_docstring_has_type_unit_and_range_of_every_field(params_class, name, field):
    """In the words with which a wrong value is refused."""
    kind = f"tuple of {field.number.__name__}" if field.is_tuple else field.number.__name__
    header = f"{name} : {kind}, {field.quantity.unit}, {field.quantity.interval}"
    assert header in inspect.getdoc(params_class).splitlines()


@pytest.mark.parametrize(("params_class", "name", "field"), EVERY, ids=NAMES)
def test_what_is_no_number_or_out_of_range_is_refused(params_class, name, field):
    """The refusal names the field, its range and the value."""
    low, high = field.quantity.interval.low, field.quantity.interval.high
    wrong = ["4", None, True, float("nan"), float("inf")]
    wrong += [low - 1] if np.isfinite(low) else []
    wrong += [low] if np.isfinite(low) and not field.quantity.interval.includes_low else []
    wrong += [high + 1] if np.isfinite(high) else []
    wrong += [high] if np.isfinite(high) and not field.quantity.interval.includes_high else []
    wrong += [2.5] if field.number is int else []
    for value in [(value,) for value in wrong] if field.is_tuple else wrong:
        expected = f"{params_class.__name__}.{name} must be .*{field.quantity.interval}.*not "
        with pytest.raises(SolverParamsError, match=expected + re.escape(repr(value))):
            params_class(**{name: value})


@pytest.mark.parametrize("name", sorted({name for _, name, _ in EVERY}))
def test_every_field_is_read_by_a_search(name):
    """A number that steers nothing is not there."""
    modules = [p for p in SOLVE.rglob("*.py") if p.parent.name != "params"]
    readers = [p.name for p in modules if re.search(rf"\.{name}\b", p.read_text(encoding="utf-8"))]
    assert readers


@pytest.mark.parametrize(
    ("interval", "words"),
    [
        (Interval(), "any number"),
        (Interval(1), "1 or more"),
        (ABOVE_0, "above 0"),
        (Interval(0, 1), "from 0 to 1"),
        (Interval(0, 1, includes_low=False), "above 0, at most 1"),
        (Interval(0, 0.5, includes_low=False, includes_high=False), "above 0, below 0.5"),
        (Interval(0, 1, includes_high=False), "from 0, below 1"),
    ],
)
def test_a_range_is_written_in_words(interval, words):
    """As pages and errors show it."""
    assert str(interval) == words


def test_fields_that_depend_on_each_other_are_checked_together():
    """The largest neighbourhoods, the rounds of bidding, and temperatures that fall."""
    with pytest.raises(SolverParamsError, match="last_neighbourhood_units must be first"):
        LnsParams(first_neighbourhood_units=60, last_neighbourhood_units=59)
    with pytest.raises(SolverParamsError, match="max_rounds must be spread_limited_rounds"):
        BlockParams(spread_limited_rounds=5, max_rounds=4)
    for temperatures in ((1.0, 1.0), (1.0, 2.0)):
        with pytest.raises(SolverParamsError, match="final_temperatures must fall"):
            BlockParams(final_temperatures=temperatures)


def test_the_packaged_file_has_every_parameter_at_its_default():
    """Whoever begins from it begins from what applies."""
    path = SOLVE / "params" / "default.toml"
    assert SolverParams.read(path) == SolverParams()
    text = path.read_text(encoding="utf-8")
    assert len(re.findall(r"^\w+ = ", text, re.MULTILINE)) == len(EVERY)


def test_a_file_changes_what_it_names_and_nothing_else(tmp_path):
    """Numbers, nested sections and lists."""
    path = tmp_path / "my.toml"
    path.write_text(
        "[priced.lns]\nmax_nodes = 80\n[backends]\nthreads = 1\n"
        "[blocks]\nfinal_temperatures = [2, 0.5]\n"
    )
    params = SolverParams.read(path)
    assert params.priced == PricedParams(lns=LnsParams(max_nodes=80))
    assert params.backends == BackendParams(threads=1)
    assert params.blocks == BlockParams(final_temperatures=(2, 0.5))
    assert params.changes() == {
        "priced": {"lns": {"max_nodes": 80}},
        "backends": {"threads": 1},
        "blocks": {"final_temperatures": [2, 0.5]},
    }
    assert SolverParams.from_mapping(params.changes()) == params


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[priced.lns]\nmax_node = 8", "priced.lns.max_node does not exist; did you mean max_n"),
        ("[pricing]\n", "pricing does not exist; did you mean priced"),
        ("[zzz]\n", "zzz does not exist; there are priced, backends, blocks"),
        ("priced = 3", r"priced is 3; write a section \[priced\]"),
        ("[priced.time]\ncut_share = 2", r"\[priced.time\]: TimeParams.cut_share must be .* not 2"),
        ("[priced\n", "is not TOML"),
    ],
)
def test_a_wrong_file_is_refused_with_a_hint(tmp_path, text, message):
    """It is named, and so is what is wrong in it."""
    path = tmp_path / "wrong.toml"
    path.write_text(text)
    with pytest.raises(SolverParamsError, match=f"wrong.toml.*{message}"):
        SolverParams.read(path)


def test_a_file_that_is_not_there_is_named():
    """Not every mistake is in a file."""
    with pytest.raises(SolverParamsError, match=r"no file nowhere\.toml"):
        SolverParams.read("nowhere.toml")


@pytest.fixture(scope="module")
def problem():
    return Problem.of(random_instance(5, 12, 6, bars=0.2, room=0.7))


def test_the_defaults_leave_no_trace_in_the_facts(problem):
    """The same file as without parameters."""
    result = solve(problem, backend="greedy", params=SolverParams())
    assert result.params == {}
    assert "solver_params" not in result_facts(problem, result)


def test_what_is_not_the_default_stands_in_the_facts(problem):
    """Nested as in a file."""
    params = SolverParams(priced=PricedParams(cuts=CutParams(max_pairs=0)))
    facts = result_facts(problem, solve(problem, params=params))
    assert facts["solver_params"] == {"priced": {"cuts": {"max_pairs": 0}}}


@pytest.mark.parametrize(
    "priced",
    [
        PricedParams(cuts=CutParams(max_pairs=0)),
        PricedParams(relaxation=RelaxationParams(max_pairs_per_class=1, first_municipalities=1)),
        PricedParams(relaxation=RelaxationParams(max_coarsest_classes=2, price_box_radius=0.5)),
        PricedParams(lns=LnsParams(near_municipalities=1, near_points=0, max_nodes=1)),
        PricedParams(time=TimeParams(level1_share=0.1, scip_share=0.01)),
    ],
    ids=["no cuts", "small LP", "coarse LP", "small neighbourhoods", "little time"],
)
def test_parameters_change_the_way_and_not_the_optimum(problem, priced):
    """Asked for no gap, every search ends at the same value, and proves it."""
    expected = solve(problem, backend="highs", stop=StopCriteria(60, 0))
    result = solve(problem, stop=StopCriteria(60, 0), params=SolverParams(priced=priced))
    assert result.outcome == "proved"
    assert result.score == expected.score


@pytest.mark.slow
def test_the_number_of_threads_can_change_within_a_process(problem):
    """HiGHS keeps the threads of its first run unless it is told to end them."""
    expected = solve(problem, backend="highs", stop=StopCriteria(60, 0))
    for threads in (1, 2, 3, 2):
        params = SolverParams(backends=BackendParams(threads=threads))
        for backend in ("highs", "priced"):
            result = solve(problem, backend=backend, stop=StopCriteria(60, 0), params=params)
            assert (result.outcome, result.score) == ("proved", expected.score)


def test_no_search_is_begun_for_cuts_that_are_switched_off():
    """One search less is in the record, of a problem that cuts are sought for at one level."""
    problem = Problem.of(random_instance(1, 12, 6, bars=0.2, room=0.7))
    without = SolverParams(priced=PricedParams(cuts=CutParams(max_pairs=0)))
    stop = StopCriteria(60, 0)
    with_cuts = solve(problem, stop=stop)
    assert any(level.bound is not None for level in with_cuts.levels)
    assert len(solve(problem, stop=stop, params=without).stops) < len(with_cuts.stops)


def test_a_clock_stops_when_its_parameters_say(monkeypatch):
    """A tenth of the time instead of most of it."""
    now = [100.0]
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])
    soon = SearchClock(10.0, None, False, None, StoppingParams(soft_share=0.1))
    usual = SearchClock(10.0, None, False, None)
    now[0] += 1.5
    assert (soon.should_stop(), usual.should_stop()) == (True, False)


def test_parameters_are_values():
    """Equal by their numbers, and never changed: a variant is made with replace."""
    params = SolverParams()
    assert params == SolverParams()
    assert hash(params) == hash(SolverParams())
    assert replace(params, backends=BackendParams(threads=3)) != params
    with pytest.raises(AttributeError):
        setattr(params.backends, "threads", 3)  # noqa: B010  # Types forbid it too.
