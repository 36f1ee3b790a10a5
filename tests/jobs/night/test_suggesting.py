"""Suggestions for all households at once are what ranking each of them gives, bit for bit."""

from dataclasses import replace

import pytest

from matcher.domain.option import OPTION_FIELDS
from matcher.jobs.night.rank_queue import (
    MAX_SUGGESTIONS,
    OPTIONS_WITH_REASONS,
    UNITS_PER_BLOCK,
    suggest_municipalities,
)
from matcher.problem.problem import Problem
from matcher.ranking.rank import rank
from matcher.solve import StopCriteria, price_places, solve
from tests.random_instances import random_instance

pytestmark = pytest.mark.slow


@pytest.fixture(params=[0, 3, 7])
def planned(request):
    """A problem with linked households now and then, and its priced plan."""
    problem = Problem.of(random_instance(request.param, 14, 9, bars=0.4, room=0.6))
    result = solve(problem, stop=StopCriteria(20, 0))
    return problem, replace(result, prices=price_places(problem, result.choice))


def test_suggestions_are_the_first_options_of_each_ranking(planned, monkeypatch):
    """The same municipalities in the same order with equal fields, whatever the size of a block."""
    problem, result = planned
    whole = suggest_municipalities(problem, result)
    assert len(problem.households) < UNITS_PER_BLOCK
    monkeypatch.setattr("matcher.jobs.night.rank_queue.UNITS_PER_BLOCK", 4)
    assert suggest_municipalities(problem, result) == whole
    assert [entry["household"] for entry in whole] == [h.id for h in problem.instance.households]
    compared = 0
    for entry in whole:
        ranking = rank(problem, entry["household"], result.prices, result.choice)
        assert entry["planned"] == ranking.planned_municipality
        assert entry["allowed"] == len(ranking.allowed)
        best = ranking.allowed[:MAX_SUGGESTIONS]
        for suggested, option in zip(entry["options"], best, strict=True):
            compared += 1
            fields = {**suggested, "allowed": True}
            assert {name: fields[name] for name in OPTION_FIELDS} == option.json_values()
            cautions = [verdict.reason.code for verdict in ranking.cautions(option)]
            assert [caution["code"] for caution in suggested["cautions"]] == cautions
    assert compared > len(whole)


def test_reasons_are_those_of_the_terms(planned):
    """For the first options, each with the code and the facts that its term gives."""
    problem, result = planned
    compared = 0
    for entry in suggest_municipalities(problem, result):
        ranking = rank(problem, entry["household"], result.prices, result.choice)
        for option in entry["options"]:
            reasons = ranking.reasons(ranking.option(option["municipality"]))
            assert not option["reasons"] or option["rank"] <= OPTIONS_WITH_REASONS
            for reason in option["reasons"]:
                assert reason["code"] == reasons[reason["id"]].code
                assert reason["facts"] == dict(reasons[reason["id"]].facts)
                compared += 1
    assert compared
