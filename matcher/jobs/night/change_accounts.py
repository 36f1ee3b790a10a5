"""Why suggestions changed: what happened, followed along the places that it freed and took.

Something happened to a household, to a municipality, or a date passed. That frees a place, or takes
one. Who comes to a freed place leaves another one free; who has to make way takes a place
elsewhere. So every change is reached from what happened, by the shortest way, and its account
names the households on that way.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from matcher.jobs.night.capacity_changes import (
    CapacityChange,
    list_crossings,
    list_promises,
    list_revisions,
)
from matcher.jobs.night.change_measures import ChangeMeasures
from matcher.jobs.night.night_pair import NightPair
from matcher.problem.plan_usage import PlanUsage
from matcher.problem.program import UNPLACED
from matcher.ranking.rule_checks import RuleChecks
from matcher.store.events import EventKind

Step = Mapping[str, Any]
"""A code with facts, which is one sentence of an account."""
Account = tuple[Step, ...]
QUIET_KINDS = frozenset((EventKind.PROPOSED, EventKind.LAPSED, EventKind.DECLINED))
"""Events of a household that say nothing new about the household itself."""
MIN_POINTS = 1.0
"""Points by which days or facts must have changed a comparison to be its cause."""


@dataclass(frozen=True, slots=True)
class _Link:
    """How a unit was reached: the account up to it, by whom, and what it meant for the unit."""

    account: Account
    leader: int | None
    effect: str


class ChangeAccounts:
    """The accounts of all units whose place changed.

    Parameters
    ----------
    pair : NightPair
    """

    def __init__(self, pair: NightPair) -> None:
        old, new = pair.previous_problem, pair.problem
        usage = None if old is None else PlanUsage(old, pair.previous_choice)
        self._pair = pair
        self._measures = ChangeMeasures(new, pair.now, pair.before, pair.names, usage)
        self._links: dict[int, _Link] = {}
        self._freed: dict[int, _Link] = {}
        self._taken: dict[int, _Link] = {}
        self._crossed: dict[int, Step] = {}
        self._told_by_events: frozenset[int] = frozenset()
        self._explain_all()

    def of(self, household: str) -> list[Step]:
        """Return the account of a household's change, what happened first."""
        unit = self._pair.problem.unit_row(household)
        link = self._links.get(unit)
        if link is None:
            # Linked households of which one was placed elsewhere before.
            return [step("household", events=self._pair.kinds_of(household))]
        return [*link.account, *self._outcome(unit, link)]

    def _explain_all(self) -> None:
        self._note_what_happened()
        for unit in self._pair.moved.tolist():
            if cause := self._own_cause(unit):
                self._settle(unit, _Link(cause, None, "own"))
        self._follow(certain=True)
        self._settle_by(self._passed_days)
        self._follow(certain=True)
        self._settle_by(self._policy)
        self._follow(certain=False)
        self._settle_by(self._balance)

    # ------------------------------------------------------------ what happened

    def _note_what_happened(self) -> None:
        pair, rows = self._pair, self._pair.problem.municipalities.row_of
        states = {household: pair.state_of(household) for household in pair.gone}
        before, now = (night.instance.municipalities for night in (pair.previous, pair.night))
        self._note_capacity(list_promises(states, pair.plans[0]))
        self._note_capacity(list_revisions(before, now, pair.kinds_of))
        crossings = list(list_crossings(pair.previous_problem, pair.problem))
        self._crossed = {rows[c.municipality]: step(c.code, **c.facts) for c in crossings}
        self._told_by_events = frozenset(self._taken) - set(self._crossed)
        self._note_capacity(crossings)
        for household in pair.gone:
            number, state = pair.plans[0].get(household), states[household]
            if number not in rows or (state and state.municipality == number):
                continue
            left = step("left", household=household, municipality=number, **_whereabouts(state))
            self._freed.setdefault(rows[str(number)], _Link((left,), None, ""))
        for unit in np.flatnonzero(pair.is_new & (pair.now != UNPLACED)).tolist():
            account = (step("new", household=self._name(unit)), self._takes(unit))
            self._taken.setdefault(int(pair.now[unit]), _Link(account, None, ""))

    def _note_capacity(self, changes: Iterable[CapacityChange]) -> None:
        rows = self._pair.problem.municipalities.row_of
        for change in changes:
            link = _Link((step(change.code, **change.facts),), None, "")
            for ways in [self._freed] * change.frees + [self._taken] * change.takes:
                ways.setdefault(rows[change.municipality], link)

    def _own_cause(self, unit: int) -> Account:
        """Return what happened to the unit itself, or to the pair that it was, or is now."""
        pair, where = self._pair, int(self._pair.before[unit])
        number = None if where == UNPLACED else self._number(where)
        events = [event for h in pair.names[unit] for event in pair.events.get(h, ())]
        if any(e.kind is EventKind.DECLINED and e.municipality == number for e in events):
            return (step("declined", household=self._name(unit), municipality=number),)
        kinds = dict.fromkeys(str(e.kind) for e in events if e.kind not in QUIET_KINDS)
        name = self._name(unit)
        told = (step("household", household=name, events=list(kinds)),) if kinds else ()
        heavier = number is None and self._measures.weighs_more(unit)
        weight = (step("weighs_more", household=name),) if heavier else ()
        own: Account = (*told, *self._barred(unit, where), *weight)
        return own or self._opened(unit)

    def _barred(self, unit: int, where: int) -> Account:
        """Return the rules that bar the unit's place of before, and what changed there."""
        if where == UNPLACED:
            return ()
        number = self._number(where)
        facts = {"household": self._name(unit), "municipality": number}
        barred = tuple(
            step("barred", **facts, rule=v.rule, reason=asdict(v.reason))
            for v in RuleChecks.of_unit(self._pair.problem, unit).broken_rules(0, where)
            if v.rule in self._rules_to_name(where)
        )
        events = self._pair.kinds_of(number)
        changed = (step("municipality", municipality=number, events=events),) if events else ()
        return (*self._crossing(where), *barred, *changed) if barred else ()

    def _rules_to_name(self, where: int) -> set[str]:
        """Return the rules that can be named as the cause in a municipality.

        Of what is scarce only where nothing that happened there tells it better.
        """
        selection = self._pair.problem.selection
        rules = {rule.id for rule in selection.pair_rules}
        if where in self._told_by_events:
            return rules
        return rules | {budget.id for budget in selection.budgets}

    def _crossing(self, row: int) -> Account:
        """Return that a municipality's first arrivals have come to be next year's."""
        return (self._crossed[row],) if row in self._crossed else ()

    def _opened(self, unit: int) -> Account:
        """Return that the place of now was barred the night before, and no longer is."""
        if self._pair.now[unit] == UNPLACED or not self._measures.was_barred(unit):
            return ()
        row = int(self._pair.now[unit])
        opened = step("opened", household=self._name(unit), municipality=self._number(row))
        return (*self._crossing(row), opened)

    # ------------------------------------------------------------ along places

    def _follow(self, certain: bool) -> None:
        """Reach further units along places, nearest first, until none is reached.

        Where ``certain``, only where room was missing: before in the new place, or now in the old.
        """
        while reached := [
            (unit, link) for unit in self._open() if (link := self._reached(unit, certain))
        ]:
            for unit, link in reached:
                self._settle(unit, link)

    def _reached(self, unit: int, certain: bool) -> _Link | None:
        here, there = int(self._pair.now[unit]), int(self._pair.before[unit])
        freed, taken = self._freed.get(here), self._taken.get(there)
        if freed and (not certain or self._measures.had_no_room(unit)):
            return _Link(freed.account, freed.leader, "moves")
        if taken and (not certain or self._measures.has_no_room(unit)):
            return _Link(taken.account, taken.leader, "makes_way")
        return None

    def _settle(self, unit: int, link: _Link) -> None:
        """Record how a unit was reached, and what its move frees and takes."""
        self._links[unit] = link
        here, there = int(self._pair.now[unit]), int(self._pair.before[unit])
        if there != UNPLACED:
            facts = {"freed": self._number(there), "municipality": self._number(here)}
            left = step("moved_on", household=self._name(unit), **facts)
            self._freed.setdefault(there, _Link((*link.account, left), unit, ""))
        if here != UNPLACED:
            account = (*link.account, self._takes(unit))
            self._taken.setdefault(here, _Link(account, unit, ""))

    def _settle_by(self, cause: Callable[[int], Account]) -> None:
        for unit in self._open():
            if account := cause(unit):
                self._settle(unit, _Link(account, None, "own"))

    def _open(self) -> list[int]:
        return [unit for unit in self._pair.moved.tolist() if unit not in self._links]

    # ------------------------------------------------------------ other causes

    def _passed_days(self, unit: int) -> Account:
        """Return what days or facts have changed most in the comparison of the two places."""
        term, points = self._measures.largest_shift(unit)
        if term is None or points < MIN_POINTS:
            return ()
        facts = self._places(unit) | {"rule": term, "points": round(points, 1)}
        if term == "speed":
            return (step("days", **facts, **self._measures.move_in_days(unit)),)
        return (step("term", **facts),)

    def _policy(self, unit: int) -> Account:
        return (step("policy"),) if self._pair.other_policy else ()

    def _balance(self, unit: int) -> Account:
        """Return what the change gains when nothing else explains it."""
        pair = self._pair
        counts = {"left": len(pair.gone), "new": int(pair.is_new.sum())}
        happened = pair.events or any(counts.values())
        code = "balance" if happened else self._measures.code_when_nothing_happened()
        points = self._measures.gain([unit])
        return (step(code, **self._places(unit), **counts, points=points),)

    # ------------------------------------------------------------ words for steps

    def _outcome(self, unit: int, link: _Link) -> Iterable[Step]:
        """Yield what it means for the unit itself, with what would be lost if it stayed."""
        if link.effect == "moves":
            followers = self._followers(unit)
            facts = {"points": self._measures.gain([unit, *followers]), "after": len(followers)}
            yield step("moves", **self._places(unit), **facts)
        elif link.effect == "makes_way":
            yield step("makes_way", **self._places(unit))
        if self._pair.other_policy and not any(s["code"] == "policy" for s in link.account):
            yield step("policy")

    def _followers(self, unit: int) -> list[int]:
        """Return the units that moved because this one did."""
        direct = [u for u, link in self._links.items() if link.leader == unit]
        return [u for follower in direct for u in (follower, *self._followers(follower))]

    def _takes(self, unit: int) -> Step:
        number = self._number(int(self._pair.now[unit]))
        return step("takes", household=self._name(unit), municipality=number)

    def _places(self, unit: int) -> dict[str, str | None]:
        here, there = int(self._pair.now[unit]), int(self._pair.before[unit])
        return {"municipality": self._number(here), "old": self._number(there)}

    def _name(self, unit: int) -> str:
        return ", ".join(self._pair.names[unit])

    def _number(self, row: int) -> str | None:
        return None if row == UNPLACED else str(self._pair.problem.municipalities.number[row])


def step(code: str, **facts: Any) -> Step:
    """Build a step of an account."""
    return {"code": code, "facts": facts}


def _whereabouts(state: Any) -> dict[str, str | None]:
    """Return the status of a household that left the queue, and where it has a place."""
    if state is None:
        return {"status": "unknown", "other": None}
    return {"status": str(state.status), "other": state.municipality}
