"""Read a result back, from bytes or from a folder: the plan, its facts and the prices.

:mod:`matcher.report.result_writing` describes and writes the files.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from matcher.domain.errors import TreffsikkerError
from matcher.domain.placement import Plan
from matcher.policy.policy import Policy
from matcher.problem.prices import Prices
from matcher.problem.problem import Problem
from matcher.problem.score import score
from matcher.report.plans import parse_plan, read_plan
from matcher.report.price_rows import prices_from_rows
from matcher.report.result_writing import (
    PRICES_FILE,
    RESULT_FILE,
    plan_frame,
    result_facts,
    write_result,
)
from matcher.solve.result import Level, Result
from matcher.solve.solver import predict_stay

PRICE_COLUMNS = {"rule": str, "group": int, "layer": int, "municipality": str, "price": float}
REQUIRED_FACTS = {"hashes", "policy", "policy_content", "placed_price", "levels"}


class ResultNotFoundError(TreffsikkerError):
    """A folder holds no result."""


class DamagedResultError(TreffsikkerError):
    """A folder holds a result, but one of its files cannot be used."""


@dataclass(frozen=True, eq=False)
class SavedResult:
    """A result that was read from a folder.

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
        """Hashes of the instance and the policy that the plan was made from."""
        return {key: str(self.facts["hashes"][key]) for key in ("instance", "policy")}

    @property
    def policy(self) -> Policy:
        """The complete policy that the plan was made under."""
        content = self.facts["policy_content"]
        return Policy(str(self.facts["policy"]), rules=content["rules"], terms=content["terms"])

    def restore(self, problem: Problem) -> Result:
        """Build the result of a problem; score and prediction are computed again.

        Raises
        ------
        UnknownHouseholdError, UnknownMunicipalityError
            When the plan is of another queue.
        """
        facts, choice = self.facts, problem.to_choice(self.plan)
        return Result(
            plan=self.plan,
            choice=choice,
            score=score(problem.program, choice),
            levels=tuple(
                Level(level["value"], level["bound"], level["seconds"]) for level in facts["levels"]
            ),
            asked_gap=facts["asked_gap"],
            backend=facts["backend"],
            seed=facts["seed"],
            seconds=facts["seconds"],
            versions=facts["versions"],
            hashes=facts["hashes"],
            policy=facts["policy"],
            prices=self.prices_for(problem),
            stops=tuple(facts["stops"]),
            uncounted_person_days=problem.uncounted_person_days(choice),
            params=facts.get("solver_params", {}),
            effort=facts.get("effort"),
            stay=predict_stay(problem, choice),
        )

    def prices_for(self, problem: Problem) -> Prices | None:
        """Return the prices in the shape of the problem's program.

        None when no prices were saved, or when the instance or the policy differs.
        """
        hashes = {"instance": problem.tables.hash, "policy": problem.policy.hash}
        if self.prices is None or self.hashes != hashes:
            return None
        columns = ["rule", "group", "layer", "price"]
        rows = self.prices.loc[:, columns].itertuples(index=False)
        return prices_from_rows(rows, problem, float(self.facts["placed_price"]))


def read_result(folder: str | Path) -> SavedResult:
    """Read a result from a folder.

    Raises
    ------
    ResultNotFoundError
        When the folder holds no result.
    DamagedResultError
        When one of its files cannot be used.
    """
    source = Path(folder)
    plans = sorted(source.glob("plan.*"))
    if not plans or not (source / RESULT_FILE).is_file():
        raise ResultNotFoundError(f"{source} holds no plan; make one with `treffsikker plan`")
    prices = source / PRICES_FILE
    return SavedResult(
        read_plan(plans[0]),
        _read_facts(source / RESULT_FILE),
        _prices(prices.read_bytes(), prices) if prices.is_file() else None,
    )


def parse_result(plan: bytes, result: bytes, prices: bytes | None) -> SavedResult:
    """Read a result from the bytes of ``plan.csv``, ``result.json`` and ``prices.csv``.

    Parameters
    ----------
    plan, result : bytes
    prices : bytes or None
        None when no prices were saved.

    Raises
    ------
    FaultsError
        With every fault of the plan.
    DamagedResultError
        When the facts or the prices cannot be used.
    """
    return SavedResult(
        parse_plan(plan),
        _facts(result, RESULT_FILE),
        None if prices is None else _prices(prices, PRICES_FILE),
    )


def _read_facts(path: Path) -> Mapping[str, Any]:
    return _facts(path.read_bytes(), path)


def _facts(body: bytes, path: str | Path) -> Mapping[str, Any]:
    try:
        facts = json.loads(body.decode())
        missing = REQUIRED_FACTS - set(facts)
    except (ValueError, TypeError) as error:
        raise DamagedResultError(f"{path} is damaged ({error}); plan again") from error
    if missing:
        raise DamagedResultError(f"{path} lacks {', '.join(sorted(missing))}; plan again")
    if wrong := [key for key, is_valid in _validity(facts).items() if not is_valid]:
        raise DamagedResultError(f"{path} is damaged ({', '.join(wrong)}); plan again")
    valid_facts: Mapping[str, Any] = facts
    return valid_facts


def find_data_folder(plan_folder: str | Path) -> Path | None:
    """Return the folder of the files that a saved plan was made from; None without a result.

    Raises
    ------
    ResultNotFoundError
        When the result names no folder, or that folder no longer exists.
    """
    source = Path(plan_folder)
    if not (source / RESULT_FILE).is_file():
        return None
    data = _read_facts(source / RESULT_FILE).get("data")
    if not isinstance(data, str) or not (source / data).is_dir():
        raise ResultNotFoundError(
            f"the files of the plan in {source} are not at {data}; name both: DATA --plan {source}"
        )
    return source / data


def _validity(facts: Mapping[str, Any]) -> Mapping[str, bool]:
    """Return for each fact that is used whether it has the structure that was written."""
    return {
        "hashes": _has_keys(facts["hashes"], "instance", "policy"),
        "policy_content": _has_keys(facts["policy_content"], "rules", "terms"),
        "placed_price": isinstance(facts["placed_price"], int | float),
    }


def _has_keys(fact: Any, *keys: str) -> bool:
    return isinstance(fact, dict) and all(key in fact for key in keys)


def _prices(body: bytes, path: str | Path) -> pd.DataFrame:
    try:
        frame = pd.read_csv(BytesIO(body), dtype=PRICE_COLUMNS)
    except ValueError as error:
        raise DamagedResultError(f"{path} is damaged ({error}); plan again") from error
    if missing := {"rule", "group", "layer", "price"} - set(frame.columns):
        raise DamagedResultError(f"{path} lacks {', '.join(sorted(missing))}; plan again")
    return frame


__all__ = [
    "DamagedResultError",
    "ResultNotFoundError",
    "SavedResult",
    "plan_frame",
    "read_result",
    "result_facts",
    "write_result",
]
