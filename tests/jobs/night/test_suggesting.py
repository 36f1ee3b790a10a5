"""Suggestions for all households at once are what ranking each of them gives."""

from dataclasses import replace

import pytest

from matcher.jobs.night.suggestions import (
    MAX_SUGGESTIONS,
    OPTIONS_WITH_REASONS,
    UNITS_PER_BLOCK,
    suggest_municipalities,
)
from matcher.problem.problem import Problem
from matcher.ranking.rank import rank
from matcher.solve import StopCriteria, price_places, solve
from tests.random_instances import random_instance


@pytest.fixture(params=[0, 3, 7])
def placed(request):
    """A problem with linked households now and then, and its priced plan."""
    problem = Problem.of(random_instance(request.param, 14, 9, bars=0.4, room=0.6))
    result = solve(problem, stop=StopCriteria(20, 0))
    return problem, replace(result, prices=price_places(problem, result.choice))


def test_suggestions_are_the_first_options_of_each_ranking(placed, monkeypatch):
    """The same municipalities in the same order with the same facts, block by block."""
    monkeypatch.setattr("matcher.jobs.night.suggestions.UNITS_PER_BLOCK", 4)
    problem, result = placed
    told = suggest_municipalities(problem, result)
    assert [one["household"] for one in told] == [h.id for h in problem.instance.households]
    compared = 0
    for one in told:
        ranking = rank(problem, one["household"], result.prices, result.choice)
        assert (one["planned"], one["allowed"]) == (
            ranking.planned_municipality,
            len(ranking.allowed),
        )
        expected = ranking.allowed[:MAX_SUGGESTIONS]
        assert len(one["options"]) == len(expected)
        for option, known in zip(one["options"], expected, strict=True):
            compared += 1
            for name in ("municipality", "name", "rank", "own_rank", "open_places", "left"):
                assert option[name] == getattr(known, name), name
            for name in ("net", "points", "by_term", "dispersion", "cost", "stay", "stay_low"):
                assert option[name] == pytest.approx(getattr(known, name)), name
            assert option["earliest"] == known.earliest.isoformat()
            cautions = [verdict.reason.code for verdict in ranking.cautions(known)]
            assert [caution["code"] for caution in option["cautions"]] == cautions
    assert compared > len(told)
    assert UNITS_PER_BLOCK > 4


def test_reasons_are_those_of_the_terms(placed):
    """For the first options, each with the code and the facts that its term gives."""
    problem, result = placed
    seen = 0
    for one in suggest_municipalities(problem, result):
        ranking = rank(problem, one["household"], result.prices, result.choice)
        for option in one["options"]:
            reasons = ranking.reasons(ranking.option(option["municipality"]))
            assert not option["reasons"] or option["rank"] <= OPTIONS_WITH_REASONS
            for told in option["reasons"]:
                assert told["code"] == reasons[told["id"]].code
                assert told["facts"] == dict(reasons[told["id"]].facts)
                seen += 1
    assert seen
