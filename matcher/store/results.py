"""A result in a folder: the plan, what it is worth and how it was found, the prices.

``plan.csv`` (or ``.xlsx``, ``.parquet``) is for people, ``result.json`` for machines and
auditors, ``prices.csv`` for rankings that follow.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from matcher.compare import measure
from matcher.domain import Plan
from matcher.errors import TreffsikkerError
from matcher.policy import Policy
from matcher.problem import Problem
from matcher.program import Resource, Spread
from matcher.ranking_columns import stay_model
from matcher.solve import Result
from matcher.solve.prices import Prices
from matcher.stay.chosen import predict_chosen
from matcher.store.plans import read_plan, write_plan
from matcher.store.price_rows import prices_from

FORMATS = ("csv", "xlsx", "parquet")
RESULT, PRICES = "result.json", "prices.csv"
NOTHING = 1e-9
"""Prices below this, in points, are left out."""
COLUMNS = {"rule": str, "group": int, "layer": int, "municipality": str, "price": float}
NEEDED = {"hashes", "policy", "policy_content", "placed_price", "levels"}


class ResultNotFoundError(TreffsikkerError):
    """There is no result in a folder."""


class DamagedResultError(TreffsikkerError):
    """There is a result in a folder, but a file of it cannot be used."""


@dataclass(frozen=True, eq=False)
class SavedResult:
    """A result read back.

    Parameters
    ----------
    plan : Plan
    facts : mapping
        The contents of ``result.json``.
    prices : pandas.DataFrame or None
        Rows of ``prices.csv``: rule, group, layer, price in points.
    """

    plan: Plan
    facts: Mapping[str, Any]
    prices: pd.DataFrame | None

    @property
    def hashes(self) -> Mapping[str, str]:
        """Hashes of the instance and the policy that the plan was made of."""
        return {key: str(self.facts["hashes"][key]) for key in ("instance", "policy")}

    @property
    def policy(self) -> Policy:
        """The policy that the plan was made under, whole."""
        content = self.facts["policy_content"]
        return Policy(str(self.facts["policy"]), rules=content["rules"], terms=content["terms"])

    def prices_for(self, problem: Problem) -> Prices | None:
        """Give the prices in the shape of a problem's program.

        None when none were saved, or the files or the policy are not the same.
        """
        same = {"instance": problem.tables.hash, "policy": problem.policy.hash}
        if self.prices is None or self.hashes != same:
            return None
        columns = ["rule", "group", "layer", "price"]
        rows = self.prices.loc[:, columns].itertuples(index=False)
        return prices_from(rows, problem, float(self.facts["placed_price"]))


def write_result(
    folder: str | Path,
    problem: Problem,
    result: Result,
    file_format: str = "csv",
    data: str | Path | None = None,
) -> Path:
    """Write a result with a plan into a folder, made when it is not there.

    Parameters
    ----------
    data : str or Path or None
        Folder of the files that it was made of, noted so that the plan leads back to them.

    Raises
    ------
    ValueError
        When the result has no plan or the format is not known.
    """
    if result.plan is None or file_format not in FORMATS:
        raise ValueError(f"needs a plan and a format of {', '.join(FORMATS)}, not {file_format!r}")
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for old in target.glob("plan.*"):
        old.unlink()
    write_plan(plan_frame(problem, result), target / f"plan.{file_format}")
    if result.prices is None:
        (target / PRICES).unlink(missing_ok=True)
    else:
        _price_frame(problem, result.prices).to_csv(target / PRICES, index=False)
    made_of = {} if data is None else {"data": Path(os.path.relpath(data, target)).as_posix()}
    text = json.dumps(result_facts(problem, result) | made_of, indent=2, ensure_ascii=False)
    (target / RESULT).write_text(text + "\n", encoding="utf-8")
    return target


def read_result(folder: str | Path) -> SavedResult:
    """Read a result back.

    Raises
    ------
    ResultNotFoundError
        When the folder holds no result.
    DamagedResultError
        When a file of it cannot be used.
    """
    source = Path(folder)
    plans = sorted(source.glob("plan.*"))
    if not plans or not (source / RESULT).is_file():
        raise ResultNotFoundError(f"{source} holds no plan; make one with `treffsikker plan`")
    return SavedResult(read_plan(plans[0]), _facts(source / RESULT), _saved_prices(source / PRICES))


def _facts(path: Path) -> Mapping[str, Any]:
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        missing = NEEDED - set(facts)
    except (ValueError, TypeError) as error:
        raise DamagedResultError(f"{path} is damaged ({error}); plan again") from error
    if missing:
        raise DamagedResultError(f"{path} lacks {', '.join(sorted(missing))}; plan again")
    if wrong := [key for key, sound in _sound(facts).items() if not sound]:
        raise DamagedResultError(f"{path} is damaged ({', '.join(wrong)}); plan again")
    found: Mapping[str, Any] = facts
    return found


def data_of(plan: str | Path) -> Path | None:
    """Give the folder of files that a saved plan was made of; None of a folder that holds no plan.

    Raises
    ------
    ResultNotFoundError
        When the plan does not say, or the files are there no more.
    """
    source = Path(plan)
    if not (source / RESULT).is_file():
        return None
    noted = _facts(source / RESULT).get("data")
    if not isinstance(noted, str) or not (source / noted).is_dir():
        raise ResultNotFoundError(
            f"the files of the plan in {source} are not at {noted}; name both: DATA --plan {source}"
        )
    return source / noted


def _sound(facts: Mapping[str, Any]) -> Mapping[str, bool]:
    """By fact that is read back, whether it is of the kind that was written."""
    return {
        "hashes": _holds(facts["hashes"], "instance", "policy"),
        "policy_content": _holds(facts["policy_content"], "rules", "terms"),
        "placed_price": isinstance(facts["placed_price"], int | float),
    }


def _holds(fact: Any, *keys: str) -> bool:
    return isinstance(fact, dict) and all(key in fact for key in keys)


def _saved_prices(path: Path) -> pd.DataFrame | None:
    if not path.is_file():
        return None
    try:
        frame = pd.read_csv(path, dtype=COLUMNS)
    except ValueError as error:
        raise DamagedResultError(f"{path} is damaged ({error}); plan again") from error
    if missing := {"rule", "group", "layer", "price"} - set(frame.columns):
        raise DamagedResultError(f"{path} lacks {', '.join(sorted(missing))}; plan again")
    return frame


def result_facts(problem: Problem, result: Result) -> dict[str, Any]:
    """Everything about a result but the plan itself, ready for JSON."""
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
    }


def plan_frame(problem: Problem, result: Result) -> pd.DataFrame:
    """Give the plan with what a person wants to see beside each placement."""
    h, m = problem.households, problem.municipalities
    stay = predict_chosen(stay_model(problem), h, m, problem.choice(result.plan or Plan()))
    household_of = {one.id: one for one in problem.instance.households}
    rows = []
    for placement in result.plan or ():
        one = household_of[placement.household]
        i, j = problem.unit(placement.household), problem.municipality(placement.municipality)
        rows.append(
            {
                "household": placement.household,
                "municipality": placement.municipality,
                "name": str(m.name[j]),
                "county": str(m.county[j]),
                "earliest": placement.earliest,
                "persons": one.size,
                "days_waited": max(0, (problem.tables.today - one.ready_since).days),
                "stay": round(float(stay.probability[i]), 4),
                **_interval(float(stay.low[i]), float(stay.high[i])),
                "stay_outside_range": bool(stay.outside_range[i]),
            }
        )
    columns = ["household", "municipality", "earliest"]
    return pd.DataFrame(rows) if rows else pd.DataFrame(columns=columns)


def _interval(low: float, high: float) -> dict[str, float | None]:
    """Ends of the interval; none for an operator's own probability, which comes without."""
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
    """One row for each group and layer that has a price, with the municipality if it is one."""
    numbers = problem.municipalities.number
    rows = [
        (part.id, int(g), int(k), _only(numbers[part.group == g]), float(price[g, k]))
        for part, price in zip(_parts(problem), [*prices.resources, *prices.spreads], strict=True)
        for g, k in np.argwhere(np.abs(price) > NOTHING)
    ]
    return pd.DataFrame(rows, columns=["rule", "group", "layer", "municipality", "price"])


def _only(numbers: Any) -> str:
    return str(numbers[0]) if len(numbers) == 1 else ""


__all__ = [
    "DamagedResultError",
    "ResultNotFoundError",
    "SavedResult",
    "plan_frame",
    "read_result",
    "result_facts",
    "write_result",
]
