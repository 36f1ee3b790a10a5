"""Replaying a night: the same plan again, from what was stored, and what differs if it is not.

A night rests on the events up to one, a policy, a seed and the versions of the program; its
searches stopped where the result says. With all of these the solver does the same again, so plan
and prices come out the same to the bit. Where a search was cut off between two of its checks, that
cannot be promised: then the stored plan is checked anew, and priced again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from matcher.batch.night import Night
from matcher.batch.saved import files_of
from matcher.batch.verifying import verification
from matcher.solve import Result, price, solve
from matcher.solve.stopping import FORCED, Stops
from matcher.solve.versions import versions
from matcher.store.database import Store

Part = Literal["instance", "policy", "plan", "values", "prices", "verification"]


@dataclass(frozen=True, slots=True)
class Difference:
    """A part of a night that is not the same again, with the stored and the repeated value."""

    part: Part
    stored: Any
    again: Any


@dataclass(frozen=True, slots=True)
class Comparison:
    """A night beside its repetition.

    Parameters
    ----------
    run : str
    solved : bool
        Whether the solve was repeated; if not, the stored plan was only checked and priced.
    other_versions : mapping of str to (str, str)
        Versions that differ, stored and now; then the same bits are not to be expected.
    differences : tuple of Difference
    """

    run: str
    solved: bool
    other_versions: Mapping[str, tuple[str, str]]
    differences: tuple[Difference, ...]

    @property
    def equal(self) -> bool:
        """Whether all that was repeated is the same to the bit."""
        return not self.differences


def replay(store: Store, run: str, progress: Any = None) -> Comparison:
    """Repeat a complete night from what the store has, and compare.

    Parameters
    ----------
    progress : callable or None
        Told where the solve stands.

    Raises
    ------
    UnknownRunError
        When there is no such run.
    MissingOutputError
        When it left no plan.
    ErasedError
        When something that it rested on has been erased since.
    """
    night = Night.named(store, run)
    stored = night.saved
    stops = stored.facts["stops"]
    repeatable = FORCED not in (*stops, *stored.facts["price_stops"])
    again = _again(night, progress) if FORCED not in stops else None
    other = _other_versions(night)
    found = [*_inputs(night), *_checked(night)]
    if again is not None:
        found += _values(stored.facts, again)
    found += _files(night, again or night.result, plan=again is not None, prices=repeatable)
    return Comparison(run, again is not None, other, tuple(found))


def _again(night: Night, progress: Any) -> Result:
    facts, question = night.saved.facts, night.question
    return solve(
        night.problem, backend=facts["backend"], seed=question.seed, stop=question.stop(),
        progress=progress, repeat=facts["stops"],
    )  # fmt: skip


def _other_versions(night: Night) -> Mapping[str, tuple[str, str]]:
    then, now = night.saved.facts["versions"], versions()
    return {name: (then.get(name, ""), now[name]) for name in now if then.get(name) != now[name]}


def _inputs(night: Night) -> Iterator[Difference]:
    stored = night.read_json("instance")["hash"]
    if stored != night.problem.tables.hash:
        yield Difference("instance", stored, night.problem.tables.hash)
    stored = night.read_json("policy")["hash"]
    if stored != night.question.policy.hash:
        yield Difference("policy", stored, night.question.policy.hash)


def _checked(night: Night) -> Iterator[Difference]:
    """Check the stored plan anew, without a solver."""
    found = verification(night.problem, night.saved)
    if not found["agrees"]:
        failed = [finding["code"] for finding in found["findings"] if finding["agrees"] is False]
        yield Difference("verification", None, failed)


def _values(stored: Mapping[str, Any], again: Result) -> Iterator[Difference]:
    then = [(level["value"], level["bound"]) for level in stored["levels"]]
    now = [(level.value, level.bound) for level in again.levels]
    if then != now:
        yield Difference("values", then, now)


def _files(night: Night, result: Result, *, plan: bool, prices: bool) -> Iterator[Difference]:
    """Compare plan and prices as files, byte by byte."""
    assert result.choice is not None
    stops = Stops(night.saved.facts["price_stops"])
    if prices:
        result = replace(result, prices=price(night.problem, result.choice, stops=stops))
    files = files_of(night.problem, result)
    for name, compared in (("plan", plan), ("prices", prices)):
        stored = night.read(name)
        if compared and files[name] != stored:
            yield Difference(name, *_first(stored, files[name]))  # type: ignore[arg-type]


def _first(stored: bytes, again: bytes) -> tuple[str, str]:
    """Give the first line that differs in two files."""
    lines = stored.decode().splitlines(), again.decode().splitlines()
    longest = max(map(len, lines))
    one, other = ([*some, *[""] * (longest - len(some))] for some in lines)
    return next((a, b) for a, b in zip(one, other, strict=True) if a != b)
