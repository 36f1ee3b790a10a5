"""Stores with a complete night, and what happens to them the day after."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import PurePath
from typing import Any

import numpy as np

from api.live.completed_night import CompletedNight
from matcher.domain import Instance
from matcher.policy.policy import Policy
from matcher.problem.plan_usage import PlanUsage
from matcher.problem.prices import Prices
from matcher.problem.problem import Problem
from matcher.problem.program import UNPLACED, Choice
from matcher.ranking.price_list import PriceList
from matcher.ranking.rank import Ranking
from matcher.report.result_writing import format_result
from matcher.solve import StopCriteria, price_places, solve
from matcher.solve.construction import place_in_order
from matcher.store import Stamp, Store, import_instance
from matcher.store.instance_loading import load_instance_at
from matcher.store.runs import claim_run, complete_run, enqueue_run, store_output
from matcher.store.unit_of_work import read_latest_event_id

TODAY = date(2024, 4, 15)
MORNING = datetime(2024, 4, 15, 6, tzinfo=UTC)
BY = Stamp(MORNING, "Caseworker 7", "as agreed")


def made_up_prices(problem: Problem, seed: int) -> Prices:
    """Prices for every group and layer: whole points, so that they add up exactly."""
    random = np.random.default_rng(seed)
    return Prices(
        tuple(random.integers(0, 50, r.limit.shape).astype(float) for r in problem.resources),
        tuple(random.integers(-20, 20, s.base.shape).astype(float) for s in problem.spreads),
    )


def some_plan(problem: Problem, seed: int) -> Choice:
    """A plan that keeps all rules and leaves some unplaced."""
    random = np.random.default_rng(seed)
    choice = place_in_order(problem.program, random.permutation(len(problem.households)))
    choice[random.random(len(choice)) < 0.2] = UNPLACED
    return choice


def night_of(
    instance: Instance, seed: int, policy: Policy | None = None, version: int = 0
) -> tuple[CompletedNight, Prices, Choice]:
    """A night with made-up prices and some plan; the prices and the plan as arrays as well."""
    problem = Problem.of(instance, policy)
    prices, choice = made_up_prices(problem, seed), some_plan(problem, seed)
    plan, listed = problem.to_plan(choice), PriceList.of(problem, prices)
    night = CompletedNight("night-1", instance.today, version, MORNING, problem, listed, plan)
    return night, prices, choice


def imported_night(
    store: Store, instance: Instance, seed: int, policy: Policy | None = None
) -> CompletedNight:
    """Take an instance in, and make its night."""
    import_instance(store, instance, Stamp(MORNING, "Importer", "import"))
    with store.read_transaction() as connection:
        version = read_latest_event_id(connection)
    return night_of(load_instance_at(store, instance.today), seed, policy, version)[0]


def facts(ranking: Ranking) -> list[tuple[Any, ...]]:
    """All that a ranking says, reasons and who would have to make way included."""
    return [
        (o, ranking.broken_rules(o), ranking.cautions(o), ranking.reasons(o), ranking.displaced(o))
        for o in ranking
    ]


def plan_of(problem: Problem, where: dict[str, str]) -> PlanUsage:
    """A plan by household and municipality number, unit by unit."""
    rows = []
    for unit in problem.households.id:
        there = {where[h] for h in str(unit).split("+") if h in where}
        rows.append(problem.municipality_row(there.pop()) if len(there) == 1 else UNPLACED)
    return PlanUsage(problem, np.array(rows, dtype=np.int64))


def kept_night(store: Store, day: date, at: datetime, backend: str = "highs") -> str:
    """Plan the store's queue and keep it as a complete night; the run."""
    run = enqueue_run(store, "night", {}, day=day, at=at, asked_by="test").id
    taken = claim_run(store, ["night"], worker="test", at=at, stalled_before=at, run=run)
    assert taken is not None
    problem = Problem.of(load_instance_at(store, day, last_event=taken.based_on))
    result = solve(problem, backend=backend, stop=StopCriteria(20, 0))
    assert result.choice is not None
    result = replace(result, prices=price_places(problem, result.choice))
    for file, body in format_result(problem, result).items():
        store_output(
            store,
            run,
            worker="test",
            at=at,
            name=PurePath(file).stem,
            media_type="text/plain",
            body=body,
        )
    complete_run(store, run, worker="test", at=at)
    return run
