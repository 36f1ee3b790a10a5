"""Step store: read the stored plan back, verify it, and compare it with the previous night."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from matcher.jobs.job_context import JobContext, JobOutput
from matcher.jobs.night.night_run import NightRun
from matcher.problem.problem import Problem
from matcher.problem.verify.price_bound import PriceRow
from matcher.problem.verify.verify import verify_plan as verify_result
from matcher.ranking.rule_checks import RuleChecks
from matcher.report.results import SavedResult
from matcher.store import tables
from matcher.store.checks import LEDGER_KINDS
from matcher.store.events import EventKind, read_events

MIN_PRICE_CHANGE = 1.0
"""Points by which a price must change to be named as a cause."""
CAPACITY_EVENTS = frozenset((*LEDGER_KINDS, EventKind.PINNED))
"""Events of a household that take or free places of others; bans and proposals do not."""


def verify_plan(night: NightRun, context: JobContext) -> Mapping[str, JobOutput]:
    """Verify the plan as it is stored, without any solver, and list what changed and why."""
    verification = verify_saved_plan(night.problem, night.read_stored_result())
    return {
        "verification": JobOutput.of_json(verification),
        "changes": JobOutput.of_json(compare_with_previous_night(night)),
    }


def verify_saved_plan(problem: Problem, saved: SavedResult) -> dict[str, Any]:
    """Verify a plan without using the code of any solver.

    Returns
    -------
    dict
        ``agrees``, and ``findings``, each with code, agrees and facts.
    """
    checked = verify_result(problem, saved.plan, saved.facts, _price_rows(saved))
    findings = [
        {"code": f.code, "agrees": f.agrees, "facts": dict(f.facts)} for f in checked.findings
    ]
    return {"agrees": checked.agrees, "findings": findings}


def _price_rows(saved: SavedResult) -> list[PriceRow] | None:
    if saved.prices is None:
        return None
    frame = saved.prices
    columns = (frame[name].tolist() for name in ("rule", "group", "layer", "price"))
    return list(zip(*columns, strict=True))


def compare_with_previous_night(night: NightRun) -> dict[str, Any]:
    """Compare a night with the night that was in force when it began.

    Returns
    -------
    dict
        ``previous`` (the run, None for the first night), ``policy`` (whether it changed),
        ``new`` and ``gone`` households, and ``moved``: households of both nights with ``before``
        and ``now`` (municipality number, None for not placed) and ``why``, the likeliest cause
        first, each a code with facts.
    """
    if night.previous is None:
        return {"previous": None, "policy": False, "new": [], "gone": [], "moved": [], "same": 0}
    pair = _NightPair(night, night.previous)
    moved = [pair.moved(household) for household in pair.differing]
    return {
        "previous": night.previous.run.id,
        "policy": pair.other_policy,
        "new": [pair.new(h) for h in pair.queue if h not in pair.previous_queue],
        "gone": [pair.gone(h) for h in pair.previous_queue if h not in pair.queue],
        "moved": moved,
        "same": sum(household in pair.previous_queue for household in pair.queue) - len(moved),
    }


@dataclass(frozen=True, eq=False)
class _NightPair:
    """A night and the night before it."""

    night: NightRun
    previous: NightRun

    @cached_property
    def queue(self) -> Mapping[str, int]:
        """Persons by household of the queue of this night."""
        persons: Mapping[str, int] = self.night.read_json_output("instance")["households"]
        return persons

    @cached_property
    def previous_queue(self) -> Mapping[str, int]:
        """Persons by household of the queue of the previous night."""
        persons: Mapping[str, int] = self.previous.read_json_output("instance")["households"]
        return persons

    @cached_property
    def plans(self) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """Municipality by household: the previous plan, then this one."""
        return (
            self.previous.saved_result.plan.municipality_of,
            self.night.saved_result.plan.municipality_of,
        )

    @property
    def differing(self) -> list[str]:
        """Households of both nights whose municipality differs."""
        old, new = self.plans
        both = (household for household in self.queue if household in self.previous_queue)
        return [h for h in both if old.get(h) != new.get(h)]

    @cached_property
    def other_policy(self) -> bool:
        return bool(self.previous.parameters.policy.hash != self.night.parameters.policy.hash)

    @cached_property
    def events(self) -> Mapping[str, list[str]]:
        """Kinds of the events since the previous night, by household or municipality."""
        columns = tables.events.c
        kinds: dict[str, list[str]] = defaultdict(list)
        upto, after = self.night.run.based_on or 0, self.previous.run.based_on or 0
        with self.night.store.read_transaction() as connection:
            for event in read_events(connection, columns.id > after, columns.id <= upto):
                subject = event.household or event.municipality
                if subject is not None and str(event.kind) not in kinds[subject]:
                    kinds[subject].append(str(event.kind))
                if event.household and event.municipality and event.kind in CAPACITY_EVENTS:
                    kinds[event.municipality].append(str(event.kind))
        return kinds

    @cached_property
    def prices(self) -> tuple[Mapping[tuple[str, str], float], Mapping[tuple[str, str], float]]:
        """Sum of prices by rule and municipality: of the previous night, then of this one."""
        return _summed_prices(self.previous), _summed_prices(self.night)

    def new(self, household: str) -> dict[str, Any]:
        return {"household": household, "now": self.plans[1].get(household)}

    def gone(self, household: str) -> dict[str, Any]:
        state = self.night.projections.households.get(household)
        return {
            "household": household,
            "before": self.plans[0].get(household),
            "status": None if state is None else str(state.status),
            "municipality": None if state is None else state.municipality,
        }

    def moved(self, household: str) -> dict[str, Any]:
        old, new = (plan.get(household) for plan in self.plans)
        why = list(self._causes(household, old, new))
        return {"household": household, "before": old, "now": new, "why": why}

    def _causes(self, household: str, old: str | None, new: str | None) -> Iterator[dict[str, Any]]:
        """Yield causes of a move, the likeliest first; then prices, then other households."""
        if self.events.get(household):
            yield {"code": "household", "facts": {"events": self.events[household]}}
        yield from self._barred(household, old)
        for number in (old, new):
            if number is not None and self.events.get(number):
                kinds = list(dict.fromkeys(self.events[number]))
                yield {"code": "municipality", "facts": {"municipality": number, "events": kinds}}
        if self.other_policy:
            yield {"code": "policy", "facts": {}}
        yield from self._price_changes(old, new)
        yield {"code": "others", "facts": {}}

    def _barred(self, household: str, old: str | None) -> Iterator[dict[str, Any]]:
        """Yield the rules that now bar the household's old municipality."""
        problem = self.night.problem
        if old is None or old not in problem.municipalities.row_of:
            return
        unit, row = problem.unit_row(household), problem.municipality_row(old)
        for verdict in RuleChecks.of_unit(problem, unit).broken_rules(0, row):
            yield {"code": "barred", "facts": {"municipality": old, "rule": verdict.rule}}

    def _price_changes(self, old: str | None, new: str | None) -> Iterator[dict[str, Any]]:
        """Yield the price that rose most in the old municipality, and fell most in the new one."""
        old_prices, new_prices = self.prices
        for number, sign in ((old, 1), (new, -1)):
            keys = [key for key in {*old_prices, *new_prices} if key[1] == number and number]
            change = {
                key[0]: sign * (new_prices.get(key, 0.0) - old_prices.get(key, 0.0)) for key in keys
            }
            rule = max(change, key=lambda rule: (change[rule], rule), default=None)
            if rule is not None and change[rule] >= MIN_PRICE_CHANGE:
                yield {
                    "code": "dearer" if sign > 0 else "cheaper",
                    "facts": {
                        "municipality": number,
                        "rule": rule,
                        "before": round(old_prices.get((rule, str(number)), 0.0), 1),
                        "now": round(new_prices.get((rule, str(number)), 0.0), 1),
                    },
                }


def _summed_prices(night: NightRun) -> Mapping[tuple[str, str], float]:
    frame = night.saved_result.prices
    if frame is None:
        return {}
    local = frame[frame["municipality"].notna() & (frame["municipality"] != "")]
    summed: dict[tuple[str, str], float] = defaultdict(float)
    for rule, place, price in local[["rule", "municipality", "price"]].itertuples(index=False):
        summed[rule, place] += price
    return summed
