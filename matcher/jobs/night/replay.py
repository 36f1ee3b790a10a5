"""Replay a night: compute the same plan again from stored data, and list any differences.

A night depends on the events up to one, a policy, a seed and the versions of the program; the
result records where its searches stopped. With all of these, the solver repeats the same steps, so
that plan and prices are identical to the bit. This is not guaranteed where a search was cut off
between two of its checks: then the stored plan is only verified, and priced again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from matcher.jobs.night.night_run import NightRun
from matcher.jobs.night.verify_plan import verify_saved_plan
from matcher.report.result_writing import format_result
from matcher.solve.result import Result, versions
from matcher.solve.solver import price_places, solve
from matcher.solve.stopping import FORCED_CUTOFF, StopLog
from matcher.solve.warm_start import WarmStart
from matcher.store.store import Store

NightPart = Literal["instance", "policy", "plan", "values", "prices", "verification"]


@dataclass(frozen=True, slots=True)
class ReplayDifference:
    """A part of a night that differs, with the stored and the repeated value."""

    part: NightPart
    stored: Any
    repeated: Any


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """A night compared with its repetition.

    Parameters
    ----------
    run : str
    solve_repeated : bool
        Whether the solve was repeated; if not, the stored plan was only verified and priced.
    other_versions : mapping of str to (str, str)
        Versions that differ: the stored and the current one; then results may differ.
    differences : tuple of ReplayDifference
    """

    run: str
    solve_repeated: bool
    other_versions: Mapping[str, tuple[str, str]]
    differences: tuple[ReplayDifference, ...]

    @property
    def identical(self) -> bool:
        """Whether everything that was repeated is identical to the bit."""
        return not self.differences


def replay_night(store: Store, run: str, progress: Any = None) -> ReplayResult:
    """Repeat a complete night from stored data, and compare.

    Parameters
    ----------
    progress : callable or None
        Called with the progress of the solve.

    Raises
    ------
    UnknownRunError
        When there is no such run.
    MissingOutputError
        When the run has no plan.
    ErasedError
        When data that the night used have been erased since.
    """
    night = NightRun.load(store, run)
    stored = night.saved_result
    stops = stored.facts["stops"]
    repeatable = FORCED_CUTOFF not in (*stops, *stored.facts["price_stops"])
    repeated = _solve_again(night, progress) if FORCED_CUTOFF not in stops else None
    differences = [*_input_differences(night), *_verification_differences(night)]
    if repeated is not None:
        differences += _value_differences(stored.facts, repeated)
    differences += _file_differences(
        night, repeated or night.result, plan=repeated is not None, prices=repeatable
    )
    return ReplayResult(run, repeated is not None, _other_versions(night), tuple(differences))


def _solve_again(night: NightRun, progress: Any) -> Result:
    facts, parameters = night.saved_result.facts, night.parameters
    return solve(
        night.problem,
        backend=facts["backend"],
        seed=parameters.seed,
        stop=parameters.solver_limits(),
        progress=progress,
        repeat=facts["stops"],
        warm=WarmStart.from_last_named(night.problem, night.instance),
        params=parameters.solver_params,
    )


def _other_versions(night: NightRun) -> Mapping[str, tuple[str, str]]:
    stored, current = night.saved_result.facts["versions"], versions()
    return {
        name: (stored.get(name, ""), version)
        for name, version in current.items()
        if stored.get(name) != version
    }


def _input_differences(night: NightRun) -> Iterator[ReplayDifference]:
    stored = night.read_json_output("instance")["hash"]
    if stored != night.problem.tables.hash:
        yield ReplayDifference("instance", stored, night.problem.tables.hash)
    stored = night.read_json_output("policy")["hash"]
    if stored != night.parameters.policy.hash:
        yield ReplayDifference("policy", stored, night.parameters.policy.hash)


def _verification_differences(night: NightRun) -> Iterator[ReplayDifference]:
    """Verify the stored plan, without a solver."""
    outcome = verify_saved_plan(night.problem, night.saved_result)
    if not outcome["agrees"]:
        failed = [finding["code"] for finding in outcome["findings"] if finding["agrees"] is False]
        yield ReplayDifference("verification", None, failed)


def _value_differences(facts: Mapping[str, Any], repeated: Result) -> Iterator[ReplayDifference]:
    old = [(level["value"], level["bound"]) for level in facts["levels"]]
    new = [(level.value, level.bound) for level in repeated.levels]
    if old != new:
        yield ReplayDifference("values", old, new)


def _file_differences(
    night: NightRun, result: Result, *, plan: bool, prices: bool
) -> Iterator[ReplayDifference]:
    """Compare plan and prices as files, byte by byte."""
    assert result.choice is not None
    stops = StopLog(night.saved_result.facts["price_stops"])
    if prices:
        params = night.parameters.solver_params
        priced = price_places(night.problem, result.choice, stop_log=stops, params=params)
        result = replace(result, prices=priced)
    files = format_result(night.problem, result)
    for name, compared in (("plan", plan), ("prices", prices)):
        stored = night.read_output(name)
        repeated = files[f"{name}.csv"]
        if compared and repeated != stored:
            yield ReplayDifference(name, *_first_difference(stored, repeated))  # type: ignore[arg-type]


def _first_difference(stored: bytes, repeated: bytes) -> tuple[str, str]:
    """Return the first line that differs in two files."""
    files = stored.decode().splitlines(), repeated.decode().splitlines()
    longest = max(map(len, files))
    padded = ([*lines, *[""] * (longest - len(lines))] for lines in files)
    return next((a, b) for a, b in zip(*padded, strict=True) if a != b)
