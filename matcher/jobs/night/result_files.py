"""A result as a night stores it: convert it to the bytes of its files, and back to a result."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from matcher.problem.problem import Problem
from matcher.problem.score import score
from matcher.report.results import SavedResult, read_result, write_result
from matcher.solve import Level, Result

FILES = {"plan": "plan.csv", "result": "result.json", "prices": "prices.csv"}
"""File name in the folder of a plan, by name of the output."""
MEDIA_TYPES = {"plan": "text/csv", "result": "application/json", "prices": "text/csv"}


def result_to_files(problem: Problem, result: Result) -> dict[str, bytes]:
    """Return the file contents of plan, result and prices, by name of the output."""
    with TemporaryDirectory() as folder:
        write_result(folder, problem, result)
        return {name: (Path(folder) / file).read_bytes() for name, file in FILES.items()}


def read_saved_result(files: Mapping[str, bytes]) -> SavedResult:
    """Read plan, result and prices back.

    Raises
    ------
    DamagedResultError
        When the files cannot be used.
    """
    with TemporaryDirectory() as folder:
        for name, body in files.items():
            (Path(folder) / FILES[name]).write_bytes(body)
        return read_result(folder)


def restore_result(problem: Problem, saved: SavedResult) -> Result:
    """Build the result of a problem from a saved result; values are recomputed.

    Raises
    ------
    UnknownHouseholdError, UnknownMunicipalityError
        When the plan is of another queue.
    """
    facts, choice = saved.facts, problem.to_choice(saved.plan)
    return Result(
        plan=saved.plan,
        choice=choice,
        score=score(problem.program, choice),
        levels=tuple(_level(level) for level in facts["levels"]),
        asked_gap=facts["asked_gap"],
        backend=facts["backend"],
        seed=facts["seed"],
        seconds=facts["seconds"],
        versions=facts["versions"],
        hashes=facts["hashes"],
        policy=facts["policy"],
        prices=saved.prices_for(problem),
        stops=tuple(facts["stops"]),
    )


def add_json_facts(body: bytes, **facts: Any) -> bytes:
    """Return the bytes of a JSON object with more entries."""
    return orjson.dumps({**orjson.loads(body), **facts}, option=orjson.OPT_INDENT_2)


def _level(level: Mapping[str, Any]) -> Level:
    return Level(level["value"], level["bound"], level["seconds"])
