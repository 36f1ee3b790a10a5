"""Tonight's files with a saved plan: whether its prices still hold, and what has changed."""

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
    """The problem built from the files, and the saved plan if there is one.

    Parameters
    ----------
    problem : Problem
    choice : int array, shape (units,), or None
        The plan; None without one.
    prices : Prices or None
        None without a plan, and when the plan now breaks a rule.
    notes : tuple of str
        Keys of the sentences to show with the output, most important first.
    broken : int
        Number of hard rules that the plan now breaks.
    """

    problem: Problem
    choice: Choice | None = None
    prices: Prices | None = None
    notes: tuple[str, ...] = ("no_prices",)
    broken: int = 0

    def said(self, language: Language) -> list[str]:
        """Return the notes in words."""
        return [texts(language)[note].format(broken=self.broken) for note in self.notes]

    @property
    def facts(self) -> Mapping[str, object]:
        """The notes as JSON values."""
        return {"notes": list(self.notes), "broken_rules": self.broken}


def standing(
    data: Path, folder: Path | None, policy: str | None, language: Language = "nb"
) -> Standing:
    """Read the files and the plan; use the plan's policy if none is named.

    Raises
    ------
    UsageError
        When the plan has other households or municipalities than the files.
    """
    saved = saved_plan(data, folder)
    chosen = Policy.read(policy) if policy is not None else saved.policy if saved else None
    problem = load(data, chosen or Policy.default(), language)
    if saved is None:
        return Standing(problem)
    choice = _choice(problem, saved, data)
    plan_score = score(problem.program, choice)
    if plan_score.broken:
        return Standing(problem, choice, None, ("broken",), len(plan_score.broken))
    return _priced(problem, saved, choice, language)


def _priced(problem: Problem, saved: SavedResult, choice: Choice, language: Language) -> Standing:
    prices = saved.prices_for(problem)
    if prices is not None:
        return Standing(problem, choice, prices, ())
    notes = tuple(
        note
        for note, hash_name, current_hash in (
            ("files_changed", "instance", problem.tables.hash),
            ("other_policy", "policy", problem.policy.hash),
        )
        if saved.hashes[hash_name] != current_hash
    )
    with step(texts(language)["step.pricing"]):
        return Standing(problem, choice, price(problem, choice), notes)


def _choice(problem: Problem, saved: SavedResult, data: Path) -> Choice:
    try:
        return problem.choice(saved.plan)
    except (UnknownHouseholdError, UnknownMunicipalityError, ValueError) as error:
        raise UsageError(f"the plan is not of the files in {data}: {error}") from error
