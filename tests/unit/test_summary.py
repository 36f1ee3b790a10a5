"""The summary of a plan: true, and written as each language writes."""

import math
from dataclasses import replace

import pytest

from matcher import Problem, StopCriteria, solve
from matcher.analysis.summary import proof_sentences, summarize
from matcher.report import html
from matcher.solve import Level
from matcher.texts import format_number
from tests.random_instances import random_instance

NO_BREAK, MINUS = "\N{NO-BREAK SPACE}", "\N{MINUS SIGN}"


@pytest.fixture(scope="module")
def problem():
    """A night on which two households are linked."""
    nights = (random_instance(seed, 12, 6, bars=0.3) for seed in range(60))
    return Problem.of(next(n for n in nights if n.links))


@pytest.fixture(scope="module")
def result(problem):
    return solve(problem, backend="highs", stop=StopCriteria(60, 0))


def with_gaps(result, first, second):
    """The same plan with other bounds."""
    bounds = [None if gap is None else 1000 / (1 - gap) for gap in (first, second)]
    levels = tuple(Level(1000, bound, 0.0) for bound in bounds)
    return replace(result, levels=levels, asked_gap=0.001)


@pytest.mark.parametrize(
    ("value", "settings", "nb", "en"),
    [
        (-231911.4, {}, f"{MINUS}231{NO_BREAK}911", "-231,911"),
        (0.1234, {"decimals": 2}, "0,12", "0.12"),
        (1234567.5, {"decimals": 1}, f"1{NO_BREAK}234{NO_BREAK}567,5", "1,234,567.5"),
        (12, {"sign": True}, "+12", "+12"),
        (-0.2, {}, "0", "0"),
        (-0.001, {"decimals": 2, "sign": True}, "0,00", "0.00"),
        (-10, {}, f"{MINUS}10", "-10"),
    ],
)
def test_numbers_are_written_the_way_of_the_language(value, settings, nb, en):
    """Thousands, decimals and signs; nothing is ever minus nothing."""
    assert format_number(value, "nb", **settings) == nb
    assert format_number(value, "en", **settings) == en


def test_no_plan_places_more_is_said_only_when_level_1_is_at_its_optimum(result):
    """A gap within what was asked for is enough for points, not for places."""
    said = "no plan places more, as the policy weighs persons"
    assert said in proof_sentences(with_gaps(result, 0.0, 0.0005), "en")[0]
    near = proof_sentences(with_gaps(result, 0.0005, 0.0005), "en")
    assert said not in near[0]
    assert f"at most 0.05{NO_BREAK}% more (weighted)" in near[0]
    assert "slik policyen vekter personer" in proof_sentences(with_gaps(result, 0.0, 0.0), "nb")[0]


def test_each_level_says_what_is_proved_of_it(result):
    """A bound for one level is told though the other has none, and a gap never rounds to none."""
    places, points = proof_sentences(with_gaps(result, None, 0.000001), "nb")
    assert places.startswith("Ikke bevist")
    assert points.startswith("Høyst 1 flere poeng (0,01")
    assert proof_sentences(with_gaps(result, 0.0, None), "en")[1].startswith("Not proved")
    late = proof_sentences(with_gaps(result, 0.0, 0.25), "en")[1]
    level = with_gaps(result, 0.0, 0.25).levels[1]
    assert late.startswith("Time ran out: at most ")
    assert f"(25.00{NO_BREAK}%)" in late
    assert f"{math.ceil(level.bound - level.value):,}" in late


@pytest.mark.parametrize("language", ["nb", "en"])
def test_linked_households_count_each_as_in_the_report(problem, result, language):
    """The summary and the report name the same number of households."""
    assert len(problem.households) < len(problem.instance.households)
    first = summarize(problem, result, language).splitlines()[0]
    noun = {"nb": "husstander", "en": "households"}[language]
    assert f"{len(result.plan)} {'av' if language == 'nb' else 'of'} 12 {noun}" in first
    assert f"12{NO_BREAK}{noun}" in html(problem, result, language=language)


def test_one_of_a_thing_is_in_the_singular():
    """One person in one household."""
    instance = random_instance(3, 1, 3, bars=0.0)
    (household,) = instance.households
    alone = instance.replace(households=(replace(household, members=household.members[:1]),))
    problem = Problem.of(alone)
    text = summarize(problem, solve(problem, backend="highs"), "en")
    assert "of 1 person " in text
    assert "of 1 household)" in text


def test_a_result_without_a_plan_has_no_summary(problem, result):
    """There is nothing to say of it."""
    with pytest.raises(ValueError, match="without a plan"):
        summarize(problem, replace(result, plan=None, choice=None))
