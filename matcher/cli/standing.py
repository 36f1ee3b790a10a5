"""A plan beside the files it is asked about: whose prices hold, and what has changed since."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from matcher.cli.sentences import texts
from matcher.cli.shared import UsageError, load, saved_plan, step
from matcher.errors import UnknownHouseholdError, UnknownMunicipalityError
from matcher.policy import Policy
from matcher.problem import Problem
from matcher.program import Choice
from matcher.score import score
from matcher.solve import price
from matcher.solve.prices import Prices
from matcher.store.results import SavedResult
from matcher.texts import Language


@dataclass(frozen=True, eq=False)
class Standing:
    """The files, ready, and the plan that was made of them if there is one.

    Parameters
    ----------
    problem : Problem
    choice : int array, shape (units,), or None
        The plan, None without one.
    prices : Prices or None
        None without a plan, and where the plan breaks a rule now.
    notes : tuple of str
        Keys of sentences that a person must know of, most important first.
    broken : int
        Hard rules that the plan breaks now.
    """

    problem: Problem
    choice: Choice | None = None
    prices: Prices | None = None
    notes: tuple[str, ...] = ("no_prices",)
    broken: int = 0

    def said(self, language: Language) -> list[str]:
        """The notes in words."""
        return [texts(language)[note].format(broken=self.broken) for note in self.notes]

    @property
    def facts(self) -> Mapping[str, object]:
        """The notes for machines."""
        return {"notes": list(self.notes), "broken_rules": self.broken}


def standing(
    data: Path, folder: Path | None, policy: str | None, language: Language = "nb"
) -> Standing:
    """Read the files and the plan; without a policy named, under the plan's own.

    Raises
    ------
    UsageError
        When the plan is of other households or municipalities.
    """
    saved = saved_plan(data, folder)
    chosen = Policy.read(policy) if policy is not None else saved.policy if saved else None
    problem = load(data, chosen or Policy.default(), language)
    if saved is None:
        return Standing(problem)
    choice = _choice(problem, saved, data)
    found = score(problem.program, choice)
    if found.broken:
        return Standing(problem, choice, None, ("broken",), len(found.broken))
    return _priced(problem, saved, choice, language)


def _priced(problem: Problem, saved: SavedResult, choice: Choice, language: Language) -> Standing:
    prices = saved.prices_for(problem)
    if prices is not None:
        return Standing(problem, choice, prices, ())
    notes = tuple(
        note
        for note, hashed, now in (
            ("files_changed", "instance", problem.tables.hash),
            ("other_policy", "policy", problem.policy.hash),
        )
        if saved.hashes[hashed] != now
    )
    with step(texts(language)["step.pricing"]):
        return Standing(problem, choice, price(problem, choice), notes)


def _choice(problem: Problem, saved: SavedResult, data: Path) -> Choice:
    try:
        return problem.choice(saved.plan)
    except (UnknownHouseholdError, UnknownMunicipalityError, ValueError) as error:
        raise UsageError(f"the plan is not of the files in {data}: {error}") from error
