"""What changed since the night that was in force, and why: household by household."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from matcher.batch.night import Night
from matcher.store.database import tables
from matcher.store.database.checks import ON_LEDGER
from matcher.store.database.events import EventKind, read_events
from matcher.verdicts import Verdicts

PRICED = 1.0
"""Points by which a price has to change to be told."""
TAKING = frozenset((*ON_LEDGER, EventKind.PINNED))
"""What happens to a household and takes or frees places of others; a ban or a proposal does not."""


def changes_since(night: Night) -> dict[str, Any]:
    """Compare a night with the one that was in force when it was begun.

    Returns
    -------
    dict
        ``previous`` (the run, None when this is the first), ``policy`` (whether it changed),
        ``new`` and ``gone`` households, and ``moved``: households of both nights with ``before``
        and ``now`` (municipality number, None for not placed) and ``why``, the likeliest cause
        first, each a code with facts.
    """
    if night.previous is None:
        return {"previous": None, "policy": False, "new": [], "gone": [], "moved": [], "same": 0}
    since = _Since(night, night.previous)
    moved = [since.moved(household) for household in since.differing]
    return {
        "previous": night.previous.run.id,
        "policy": since.other_policy,
        "new": [since.new(h) for h in since.here if h not in since.before],
        "gone": [since.gone(h) for h in since.before if h not in since.here],
        "moved": moved,
        "same": sum(household in since.before for household in since.here) - len(moved),
    }


@dataclass(frozen=True, eq=False)
class _Since:
    """A night beside the one before it."""

    night: Night
    previous: Night

    @cached_property
    def here(self) -> Mapping[str, int]:
        found: Mapping[str, int] = self.night.read_json("instance")["households"]
        return found

    @cached_property
    def before(self) -> Mapping[str, int]:
        found: Mapping[str, int] = self.previous.read_json("instance")["households"]
        return found

    @cached_property
    def plans(self) -> tuple[Mapping[str, str], Mapping[str, str]]:
        return self.previous.saved.plan.municipality_of, self.night.saved.plan.municipality_of

    @property
    def differing(self) -> list[str]:
        before, now = self.plans
        both = (household for household in self.here if household in self.before)
        return [h for h in both if before.get(h) != now.get(h)]

    @cached_property
    def other_policy(self) -> bool:
        return bool(self.previous.question.policy.hash != self.night.question.policy.hash)

    @cached_property
    def events(self) -> Mapping[str, list[str]]:
        """Kinds of what has happened since, by household or municipality."""
        columns = tables.events.c
        found: dict[str, list[str]] = defaultdict(list)
        upto, after = self.night.run.based_on or 0, self.previous.run.based_on or 0
        with self.night.store.reading() as connection:
            for event in read_events(connection, columns.id > after, columns.id <= upto):
                subject = event.household or event.municipality
                if subject is not None and str(event.kind) not in found[subject]:
                    found[subject].append(str(event.kind))
                if event.household and event.municipality and event.kind in TAKING:
                    found[event.municipality].append(str(event.kind))
        return found

    @cached_property
    def prices(self) -> tuple[Mapping[tuple[str, str], float], Mapping[tuple[str, str], float]]:
        """Sum of the prices of a rule in a municipality, by both; of both nights."""
        return _summed(self.previous), _summed(self.night)

    def new(self, household: str) -> dict[str, Any]:
        return {"household": household, "now": self.plans[1].get(household)}

    def gone(self, household: str) -> dict[str, Any]:
        state = self.night.books.households.get(household)
        return {
            "household": household,
            "before": self.plans[0].get(household),
            "status": None if state is None else str(state.status),
            "municipality": None if state is None else state.municipality,
        }

    def moved(self, household: str) -> dict[str, Any]:
        before, now = (plan.get(household) for plan in self.plans)
        why = list(self._why(household, before, now))
        return {"household": household, "before": before, "now": now, "why": why}

    def _why(self, household: str, before: str | None, now: str | None) -> Iterator[dict[str, Any]]:
        """Give causes, the likeliest first; prices where nothing else can be named."""
        if self.events.get(household):
            yield {"code": "household", "facts": {"events": self.events[household]}}
        yield from self._barred(household, before)
        for number in (before, now):
            if number is not None and self.events.get(number):
                kinds = list(dict.fromkeys(self.events[number]))
                yield {"code": "municipality", "facts": {"municipality": number, "events": kinds}}
        if self.other_policy:
            yield {"code": "policy", "facts": {}}
        yield from self._dearer(before, now)
        yield {"code": "others", "facts": {}}

    def _barred(self, household: str, before: str | None) -> Iterator[dict[str, Any]]:
        problem = self.night.problem
        if before is None or before not in problem.municipalities.row_of:
            return
        unit, row = problem.unit(household), problem.municipality(before)
        for verdict in Verdicts(problem, unit).of(row):
            yield {"code": "barred", "facts": {"municipality": before, "rule": verdict.rule}}

    def _dearer(self, before: str | None, now: str | None) -> Iterator[dict[str, Any]]:
        """Tell the price that rose most where it was, or fell most where it is now."""
        old, new = self.prices
        for number, sign in ((before, 1), (now, -1)):
            rules = {rule for rule, place in {*old, *new} if place == number and number}
            rise = {r: sign * (new.get((r, str(number)), 0.0) - old.get((r, str(number)), 0.0))
                    for r in rules}  # fmt: skip
            most = max(rise, key=lambda rule: (rise[rule], rule), default=None)
            if most is not None and rise[most] >= PRICED:
                yield {
                    "code": "dearer" if sign > 0 else "cheaper",
                    "facts": {
                        "municipality": number,
                        "rule": most,
                        "before": round(old.get((most, str(number)), 0.0), 1),
                        "now": round(new.get((most, str(number)), 0.0), 1),
                    },
                }


def _summed(night: Night) -> Mapping[tuple[str, str], float]:
    frame = night.saved.prices
    if frame is None:
        return {}
    own = frame[frame["municipality"].notna() & (frame["municipality"] != "")]
    summed: dict[tuple[str, str], float] = defaultdict(float)
    for rule, place, price in own[["rule", "municipality", "price"]].itertuples(index=False):
        summed[rule, place] += price
    return summed
