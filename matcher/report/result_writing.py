"""Write a result into a folder: the plan, its facts and the prices.

``plan.csv`` (or ``.xlsx``, ``.parquet``) is for people, ``result.json`` for machines and
auditors, ``prices.csv`` for later rankings.
"""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from matcher.analysis.compare import measure
from matcher.domain import Plan
from matcher.problem.prices import Prices
from matcher.problem.problem import Problem
from matcher.problem.program import Resource, Spread
from matcher.report.plans import write_plan
from matcher.solve import Result
from matcher.stay.plan_prediction import predict_plan

PLAN_FORMATS = ("csv", "xlsx", "parquet")
RESULT_FILE, PRICES_FILE = "result.json", "prices.csv"
NEGLIGIBLE_PRICE = 1e-9
"""Smaller prices, in points, are not written."""


def write_result(
    folder: str | Path,
    problem: Problem,
    result: Result,
    file_format: str = "csv",
    data_folder: str | Path | None = None,
) -> Path:
    """Write a result with a plan into a folder, which is created when it does not exist.

    Parameters
    ----------
    data_folder : str or Path or None
        Folder of the files that the plan was made from, recorded so that it can be found again.

    Raises
    ------
    ValueError
        When the result has no plan or the format is not known.
    """
    if result.plan is None or file_format not in PLAN_FORMATS:
        raise ValueError(
            f"needs a plan and a format of {', '.join(PLAN_FORMATS)}, not {file_format!r}"
        )
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for old in target.glob("plan.*"):
        old.unlink()
    write_plan(plan_frame(problem, result), target / f"plan.{file_format}")
    if result.prices is None:
        (target / PRICES_FILE).unlink(missing_ok=True)
    else:
        _price_frame(problem, result.prices).to_csv(target / PRICES_FILE, index=False)
    data_fact = (
        {}
        if data_folder is None
        else {"data": Path(os.path.relpath(data_folder, target)).as_posix()}
    )
    text = json.dumps(result_facts(problem, result) | data_fact, indent=2, ensure_ascii=False)
    (target / RESULT_FILE).write_text(text + "\n", encoding="utf-8")
    return target


def result_facts(problem: Problem, result: Result) -> dict[str, Any]:
    """Return all facts about a result except the plan itself, as JSON values."""
    return {
        "outcome": result.outcome,
        "backend": result.backend,
        "seed": result.seed,
        "seconds": round(result.seconds, 3),
        "stops": list(result.stops),
        "today": problem.tables.today.isoformat(),
        "instance": problem.instance.name,
        "policy": result.policy,
        "policy_content": {"rules": problem.policy.rules, "terms": problem.policy.terms},
        "asked_gap": result.asked_gap,
        "levels": [
            {"value": level.value, "bound": level.bound, "gap": level.gap, "seconds": level.seconds}
            for level in result.levels
        ],
        "measures": _measures(problem, result),
        "placed_price": 0.0 if result.prices is None else result.prices.placed,
        "price_bound": None if result.prices is None else result.prices.bound,
        "versions": dict(result.versions),
        "hashes": dict(result.hashes),
        **({"solver_params": dict(result.params)} if result.params else {}),
    }


def plan_frame(problem: Problem, result: Result) -> pd.DataFrame:
    """Return the plan as a data frame, with columns that explain each placement to a person."""
    h, m = problem.households, problem.municipalities
    stay = predict_plan(problem.stay_model, h, m, problem.to_choice(result.plan or Plan()))
    household_of = {household.id: household for household in problem.instance.households}
    rows = []
    for placement in result.plan or ():
        household = household_of[placement.household]
        i, j = (
            problem.unit_row(placement.household),
            problem.municipality_row(placement.municipality),
        )
        rows.append(
            {
                "household": placement.household,
                "municipality": placement.municipality,
                "name": str(m.name[j]),
                "county": str(m.county[j]),
                "earliest": placement.earliest,
                "persons": household.size,
                "days_waited": max(0, (problem.tables.today - household.ready_since).days),
                "stay": round(float(stay.probability[i]), 4),
                **_interval(float(stay.low[i]), float(stay.high[i])),
                "stay_outside_range": bool(stay.outside_range[i]),
            }
        )
    columns = ["household", "municipality", "earliest"]
    return pd.DataFrame(rows) if rows else pd.DataFrame(columns=columns)


def _interval(low: float, high: float) -> dict[str, float | None]:
    """Return the ends of the interval; None for a probability given by an operator."""
    known = not np.isclose(low, high)
    return {
        "stay_low": round(low, 4) if known else None,
        "stay_high": round(high, 4) if known else None,
    }


def _measures(problem: Problem, result: Result) -> dict[str, Any]:
    if result.choice is None:
        return {}
    m = measure(problem, result.choice)
    return {
        "placed": m.placed,
        "unplaced": m.unplaced,
        "expected_stayers": round(m.stayers, 3),
        "person_days": m.person_days,
        "points": m.points,
        "terms": dict(m.terms),
    }


def _parts(problem: Problem) -> list[Resource | Spread]:
    return [*problem.resources, *problem.spreads]


def _price_frame(problem: Problem, prices: Prices) -> pd.DataFrame:
    """Build one row per group and layer with a price; name the municipality if the group is one."""
    numbers = problem.municipalities.number
    rows = [
        (part.id, int(g), int(k), _single_number(numbers[part.group == g]), float(price[g, k]))
        for part, price in zip(_parts(problem), [*prices.resources, *prices.spreads], strict=True)
        for g, k in np.argwhere(np.abs(price) > NEGLIGIBLE_PRICE)
    ]
    return pd.DataFrame(rows, columns=["rule", "group", "layer", "municipality", "price"])


def _single_number(numbers: Any) -> str:
    return str(numbers[0]) if len(numbers) == 1 else ""
