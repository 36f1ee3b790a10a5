"""Read a result back from a folder: the plan, its facts and the prices.

:mod:`matcher.report.result_writing` describes and writes the files.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from matcher.domain import Plan
from matcher.errors import TreffsikkerError
from matcher.policy.policy import Policy
from matcher.problem.prices import Prices
from matcher.problem.problem import Problem
from matcher.report.plans import read_plan
from matcher.report.price_rows import prices_from_rows
from matcher.report.result_writing import (
    PRICES_FILE,
    RESULT_FILE,
    plan_frame,
    result_facts,
    write_result,
)

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
    return SavedResult(
        read_plan(plans[0]), _facts(source / RESULT_FILE), _saved_prices(source / PRICES_FILE)
    )


def _facts(path: Path) -> Mapping[str, Any]:
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
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
    data = _facts(source / RESULT_FILE).get("data")
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


def _saved_prices(path: Path) -> pd.DataFrame | None:
    if not path.is_file():
        return None
    try:
        frame = pd.read_csv(path, dtype=PRICE_COLUMNS)
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
