"""Tonight's files with a saved plan: whether its prices still hold, and what has changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from matcher.cli.sentences import texts
from matcher.cli.shared import UsageError, load_problem, read_saved_plan, show_step
from matcher.domain.errors import UnknownHouseholdError, UnknownMunicipalityError
from matcher.policy.policy import Policy
from matcher.problem.prices import Prices
from matcher.problem.problem import Problem
from matcher.problem.program import Choice
from matcher.problem.score import score
from matcher.report.results import SavedResult
from matcher.solve.solver import price_places
from matcher.texts import Language


@dataclass(frozen=True, eq=False)
class LoadedPlan:
    """The problem built from the files, and the saved plan if there is one.

    Parameters
    ----------
    problem : Problem
    choice : int array, shape (units,), or None
        The plan; None without one.
    prices : Prices or None
        None without a plan, and when the plan now breaks a rule.
    note_keys : tuple of str
        Keys of the sentences to show with the output, most important first.
    broken_rules : int
        Number of hard rules that the plan now breaks.
    """

    problem: Problem
    choice: Choice | None = None
    prices: Prices | None = None
    note_keys: tuple[str, ...] = ("no_prices",)
    broken_rules: int = 0

    def note_sentences(self, language: Language) -> list[str]:
        """Return the notes in words."""
        return [texts(language)[note].format(broken=self.broken_rules) for note in self.note_keys]

    @property
    def note_facts(self) -> Mapping[str, object]:
        """The notes as JSON values."""
        return {"notes": list(self.note_keys), "broken_rules": self.broken_rules}


def load_plan(
    data: Path, folder: Path | None, policy: str | None, language: Language = "nb"
) -> LoadedPlan:
    """Read the files and the plan; use the plan's policy if none is named.

    Raises
    ------
    UsageError
        When the plan has other households or municipalities than the files.
    """
    saved = read_saved_plan(data, folder)
    chosen = Policy.read(policy) if policy is not None else saved.policy if saved else None
    problem = load_problem(data, chosen or Policy.default(), language)
    if saved is None:
        return LoadedPlan(problem)
    choice = _choice(problem, saved, data)
    plan_score = score(problem.program, choice)
    if plan_score.broken_rules:
        return LoadedPlan(problem, choice, None, ("broken",), len(plan_score.broken_rules))
    return _priced(problem, saved, choice, language)


def _priced(problem: Problem, saved: SavedResult, choice: Choice, language: Language) -> LoadedPlan:
    prices = saved.prices_for(problem)
    if prices is not None:
        return LoadedPlan(problem, choice, prices, ())
    notes = tuple(
        note
        for note, hash_name, current_hash in (
            ("files_changed", "instance", problem.tables.hash),
            ("other_policy", "policy", problem.policy.hash),
        )
        if saved.hashes[hash_name] != current_hash
    )
    with show_step(texts(language)["step.pricing"]):
        return LoadedPlan(problem, choice, price_places(problem, choice), notes)


def _choice(problem: Problem, saved: SavedResult, data: Path) -> Choice:
    try:
        return problem.to_choice(saved.plan)
    except (UnknownHouseholdError, UnknownMunicipalityError, ValueError) as error:
        raise UsageError(f"the plan is not of the files in {data}: {error}") from error
