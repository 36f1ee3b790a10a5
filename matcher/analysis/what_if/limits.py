"""Limits that hold a municipality back after a what-if has changed its ledger."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.domain.tables.array_types import BoolArray
from matcher.policy.rule_types import NO_LIMIT
from matcher.problem.problem import Problem
from matcher.problem.program import Choice
from matcher.problem.remaining_capacity import RemainingCapacity


@dataclass(frozen=True, slots=True)
class LimitAfterChange:
    """A limit that the change did not set, and that is narrower than what it did set.

    Parameters
    ----------
    rule : str
        Identifier of the rule.
    number, name : str
        The municipality.
    limit : int or None
        Persons that can come by this rule; None where the rule does not count persons.
    """

    rule: str
    number: str
    name: str
    limit: int | None


def limits_after_change(
    before: Problem, after: Problem, choice: Choice, numbers: Sequence[str]
) -> tuple[LimitAfterChange, ...]:
    """List the limits that hold back municipalities whose ledgers were changed.

    Where persons are counted, this is the least limit if it is less than what the change has set.
    Where something else is counted, such as homes, it is a limit that lets nobody else in.

    Parameters
    ----------
    before, after : Problem
        Without and with the change.
    choice : int array, shape (units,)
        The plan after the change.
    numbers : sequence of str
        Numbers of the municipalities.
    """
    rows = [after.municipality_row(number) for number in numbers]
    return tuple(
        limit
        for j in rows
        for limit in (*_least_of_persons(before, after, j), *_exhausted(after, choice, j))
    )


def _least_of_persons(before: Problem, after: Problem, j: int) -> Iterator[LimitAfterChange]:
    """Yield the least limit on persons, if it is less than every limit that the change has set."""
    earlier, now = _limits(before, j), _limits(after, j)
    changed = [limit for rule, limit in now.items() if limit != earlier.get(rule)]
    persons = {b.id: now[b.id] for b in after.selection.budgets if b.in_persons}
    least = min(persons, key=lambda rule: persons[rule], default=None)
    # A change that sets no limit at all is held back by whichever is least.
    if least is not None and now[least] < min(changed, default=NO_LIMIT):
        yield _limit(after, least, j, now[least])


def _limits(problem: Problem, j: int) -> dict[str, int]:
    """Return the least limit of each rule in a municipality, by rule."""
    h, m = problem.households, problem.municipalities
    budgets = problem.selection.budgets
    return {b.id: int(b.limit(h, m)[b.group(m)[j]].min(initial=NO_LIMIT)) for b in budgets}


def _exhausted(problem: Problem, choice: Choice, j: int) -> Iterator[LimitAfterChange]:
    """Yield the limits on anything but persons without which someone else could come."""
    fits = _fits_by_rule(problem, choice, j)
    others = problem.program.allowed[:, j] & (choice != j)
    if not fits or (others & np.logical_and.reduce(list(fits.values()))).any():
        return
    in_persons = {b.id for b in problem.selection.budgets if b.in_persons}
    for rule in fits:
        without = [mask for other, mask in fits.items() if other != rule]
        if rule not in in_persons and (others & np.logical_and.reduce([others, *without])).any():
            yield _limit(problem, rule, j, None)


def _fits_by_rule(problem: Problem, choice: Choice, j: int) -> dict[str, BoolArray]:
    """Mark the units for which each rule leaves room beside the plan, shape (units,) each."""
    capacity = RemainingCapacity.after_placing(problem, choice)
    pairs = zip(capacity.resources, capacity.remaining, strict=True)
    return {r.id: np.all(r.use <= remaining[r.group[j]], axis=1) for r, remaining in pairs}


def _limit(problem: Problem, rule: str, j: int, limit: int | None) -> LimitAfterChange:
    m = problem.municipalities
    return LimitAfterChange(rule, str(m.number[j]), str(m.name[j]), limit)
