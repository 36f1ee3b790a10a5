"""Write a result as files: the plan, its facts and the prices, as bytes or into a folder.

``plan.csv`` (or ``.xlsx``, ``.parquet``) is for people, ``result.json`` for machines and
auditors, ``prices.csv`` for later rankings.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from matcher.domain.placement import Plan
from matcher.files.table_files import atomic_replacement
from matcher.problem.prices import Prices
from matcher.problem.problem import Problem
from matcher.problem.program import STEPS_PER_POINT, UNPLACED, Resource, Spread
from matcher.report.plans import format_plan
from matcher.solve.result import Result
from matcher.solve.solver import predict_stay
from matcher.stay.model import PlanPrediction

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
    target = Path(folder)
    data = {} if data_folder is None else {"data": _relative(data_folder, target)}
    files = format_result(problem, result, file_format, data)
    target.mkdir(parents=True, exist_ok=True)
    for old in [*target.glob("plan.*"), target / PRICES_FILE]:
        old.unlink(missing_ok=True)
    for name, body in files.items():
        with atomic_replacement(target / name) as stream:
            stream.write(body)
    return target


def format_result(
    problem: Problem,
    result: Result,
    file_format: str = "csv",
    more_facts: Mapping[str, Any] | None = None,
) -> dict[str, bytes]:
    """Return the contents of the files of a result with a plan, by file name.

    Parameters
    ----------
    file_format : str
        Format of the plan, one of ``PLAN_FORMATS``.
    more_facts : mapping or None
        Written into ``result.json`` after the facts of the result.

    Returns
    -------
    dict of str to bytes
        ``plan.csv`` (or ``.xlsx``, ``.parquet``), ``result.json``, and ``prices.csv`` when the
        result has prices.

    Raises
    ------
    ValueError
        When the result has no plan or the format is not known.
    """
    if result.plan is None or file_format not in PLAN_FORMATS:
        raise ValueError(
            f"needs a plan and a format of {', '.join(PLAN_FORMATS)}, not {file_format!r}"
        )
    plan_file, facts = (
        f"plan.{file_format}",
        {**result_facts(problem, result), **(more_facts or {})},
    )
    files = {plan_file: format_plan(plan_frame(problem, result), plan_file)}
    if result.prices is not None:
        prices = _price_frame(problem, result.prices).to_csv(index=False, lineterminator="\n")
        files[PRICES_FILE] = prices.encode()
    files[RESULT_FILE] = (json.dumps(facts, indent=2, ensure_ascii=False) + "\n").encode()
    return files


def _relative(data_folder: str | Path, folder: Path) -> str:
    return Path(os.path.relpath(data_folder, folder)).as_posix()


def result_facts(problem: Problem, result: Result) -> dict[str, Any]:
    """Return all facts about a result except the plan itself, as JSON values."""
    return {
        "outcome": result.outcome,
        "backend": result.backend,
        "seed": result.seed,
        "seconds": round(result.seconds, 3),
        **({} if result.effort is None else {"effort": result.effort}),
        "repeatable": result.repeatable,
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
    m = problem.municipalities
    stay = _stay(problem, result)
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
                "stay": _rounded(stay.probability[i]),
                "stay_low": _rounded(stay.low[i]),
                "stay_high": _rounded(stay.high[i]),
                "stay_outside_range": bool(stay.outside_range[i]),
            }
        )
    columns = ["household", "municipality", "earliest"]
    return pd.DataFrame(rows) if rows else pd.DataFrame(columns=columns)


def _rounded(probability: np.float64) -> float | None:
    """Round to four decimals; None where there is no probability, or no interval."""
    return None if np.isnan(probability) else round(float(probability), 4)


def _measures(problem: Problem, result: Result) -> dict[str, Any]:
    """Return the measures of a plan, from what the solve computed; nothing is computed again."""
    if result.choice is None or result.score is None:
        return {}
    placed = np.flatnonzero(result.choice != UNPLACED)
    stay = _stay(problem, result).probability[placed]
    return {
        "placed": result.score.placed,
        "unplaced": result.score.unplaced,
        "expected_stayers": round(float(np.nansum(problem.households.size[placed] * stay)), 3),
        "without_probability": int(problem.households.size[placed][np.isnan(stay)].sum()),
        "person_days": _person_days(problem, result.plan or Plan()),
        "uncounted_person_days": result.uncounted_person_days,
        "points": result.score.points,
        "terms": {term: value / STEPS_PER_POINT for term, value in result.score.terms.items()},
    }


def _person_days(problem: Problem, plan: Plan) -> int:
    """Return the sum over placed persons of days from today until they can move in."""
    size = {household.id: household.size for household in problem.instance.households}
    days = ((p, p.earliest - problem.tables.today) for p in plan if p.earliest is not None)
    return sum(size[placement.household] * until.days for placement, until in days)


def _stay(problem: Problem, result: Result) -> PlanPrediction:
    """Return the prediction that came with the plan; predict when the plan came without one."""
    if result.stay is not None:
        return result.stay
    return predict_stay(problem, problem.to_choice(result.plan or Plan()))


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
