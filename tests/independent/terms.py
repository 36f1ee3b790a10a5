"""What a plan is worth, level by level and term by term."""

import itertools
import math
from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property

from matcher.domain import Answer, Household, Municipality, Plan
from tests.independent.effects import EFFECTS, Effects
from tests.independent.facts import (
    DEMANDING,
    LANDSDELER,
    SPREADS,
    Places,
    around,
    child,
    days,
    days_from,
    exact,
    in_homes,
    minors,
    people,
    suits,
    target,
    thousandths,
    together,
    wish_counts,
)


class Terms(Effects):
    """The objective of one instance under one policy."""

    # ------------------------------------------------------------ level 1

    def weight(self, plan: Places) -> int:
        """Level 1 in thousandths."""
        return sum(self.weights[u] for u, p in enumerate(plan) if p is not None)

    @cached_property
    def weights(self) -> list[int]:
        """Level-1 weight of each unit in thousandths."""
        return [self._weight(households) for households in self.units]

    def _weight(self, households: list[Household]) -> int:
        term = self.policy.terms["places_first"]
        overdue = max(-days_from(self.instance, target(h)) for h in households)
        weeks = min(max(0, overdue) // 7, term["most_weeks"])
        persons = people(households)
        extra = term["child"] * sum(map(child, persons)) + term["minor"] * minors(households)
        return thousandths(len(persons) * (1 + term["per_week_overdue"] * weeks) + extra)

    # ------------------------------------------------------------ level 2

    def points(self, plan: Places) -> dict[str, int]:
        """Level 2 by term, in thousandths of a point."""
        pairs = dict.fromkeys(self.pair_terms, 0)
        for u, p in enumerate(plan):
            for term in pairs:
                pairs[term] += self.pair_points[u][p][term] if p is not None else 0
        return pairs | {t: -self._spread(t, plan) for t in SPREADS if t in self.policy.terms}

    def value(self, plan: Places) -> int:
        """Level 2 in thousandths of a point."""
        return sum(self.points(plan).values())

    @cached_property
    def pair_terms(self) -> list[str]:
        """Terms of level 2 that add up over pairs."""
        known = ("stay", "speed", "stability", "alone_in_language", "immigrant_share", "wishes")
        return [t for t in (*known, *EFFECTS) if t in self.policy.terms]

    @cached_property
    def pair_points(self) -> list[list[dict[str, int]]]:
        """Thousandths of every unit, municipality and pair term."""
        return [
            [
                {t: thousandths(self._pair(t, households, m)) for t in self.pair_terms}
                for m in self.places
            ]
            for households in self.units
        ]

    def _pair(self, term: str, households: list[Household], m: Municipality) -> float:
        if term in EFFECTS:
            return self.effect(term, households, m)
        return getattr(self, f"_{term}")(households, m)

    def _stay(self, households: list[Household], m: Municipality) -> float:
        return 1000 * len(people(households)) * self.stay.reference(m)

    def _speed(self, households: list[Household], m: Municipality) -> float:
        term = self.policy.terms["speed"]
        lone = minors(households)
        persons = people(households)
        children = sum(map(child, persons)) - lone
        adults = len(persons) - children - lone
        weight = adults + term["child"] * children + term["minor"] * lone
        return -1000 / term["person_days_per_stayer"] * weight * self.earliest(households, m)

    def earliest(self, households: list[Household], m: Municipality) -> int:
        """Days until both sides are ready and each household has a home that suits it."""
        lead = 30 if m.lead_days is None else m.lead_days
        ready = [days(self.instance, h.earliest_move) for h in households]
        ready += [days(self.instance, m.earliest), lead]
        if m.reports_dwellings is Answer.YES:
            needing = in_homes(households)
            ways = (
                max((days(self.instance, d.available_from) for d in homes), default=0)
                for homes in itertools.permutations(m.dwellings, len(needing))
                if all(map(suits, needing, homes))
            )
            ready.append(min(ways, default=0))
        return self._week_with_room(max(ready), len(people(households)), m)

    def _week_with_room(self, ready: int, size: int, m: Municipality) -> int:
        """The first day from one on in a planned week with room, or after the plan."""
        starts = {days_from(self.instance, w.week): w.persons for w in m.weeks}
        starts = {start: persons for start, persons in starts.items() if start > -7}
        for start in sorted(starts):
            if start + 7 > ready and starts[start] >= size:
                return max(ready, start)
        return max(ready, max(starts, default=-7) + 7)

    def _stability(self, households: list[Household], m: Municipality) -> float:
        term = self.policy.terms["stability"]
        proposed = [self._named_in(self.instance.earlier_plan, h) for h in households]
        suggested = [self._named_in(self.instance.suggestions, h) for h in households]
        if all(number == m.number for number in proposed):
            return term["threshold"]
        same_proposal = len(set(proposed)) == 1 and proposed[0] in {p.number for p in self.places}
        last = [a or b for a, b in zip(proposed, suggested, strict=True)]
        kept = not same_proposal and all(number == m.number for number in last)
        return term["suggestion_threshold"] if kept else 0.0

    def _named_in(self, plan: Plan, household: Household) -> str | None:
        return next((p.municipality for p in plan if p.household == household.id), None)

    def _wishes(self, households: list[Household], m: Municipality) -> float:
        weight = self.policy.terms["wishes"]["stayers_per_wish"]
        return 1000 * weight * sum(wish_counts(w, m) for h in households for w in h.wishes)

    def _alone_in_language(self, households: list[Household], m: Municipality) -> float:
        term = self.policy.terms["alone_in_language"]
        heard = {w for w, n in m.communities if n >= term["persons"]}
        alone = sum(bool(p.languages) and not heard & set(p.languages) for p in people(households))
        return -1000 * term["stayers_per_person"] * alone

    def _immigrant_share(self, households: list[Household], m: Municipality) -> float:
        term = self.policy.terms["immigrant_share"]
        above = m.immigrant_share is not None and m.immigrant_share > term["per_cent"]
        return -1000 * term["stayers_per_person"] * len(people(households)) * above

    # ------------------------------------------------------------ spread terms

    def _spread(self, term: str, plan: Places) -> int:
        return getattr(self, f"_{term}")(self.policy.terms[term], plan)

    @cached_property
    def _can_be_placed(self) -> int:
        queue = sum(len(people(households)) for households in self.units)
        return min(queue, sum(self._open_places))

    @cached_property
    def _counts(self) -> list[tuple[int, int]]:
        """Decided and used by municipality; none of either where a number is not known."""
        counts = []
        for m in self.places:
            ledger = m.next_ledger if self.receives_next_year(m) else m.ledger
            numbers = (ledger.decided, ledger.settled, ledger.promised)
            decided, settled, promised = (0, 0, 0) if None in numbers else numbers
            counts.append((decided, settled + promised))
        return counts

    @cached_property
    def _open_places(self) -> list[int]:
        return [max(0, decided - used) for decided, used in self._counts]

    def _plan_adherence(self, term: dict, plan: Places) -> int:
        decided = sum(own for own, _ in self._counts)
        used = sum(spent for _, spent in self._counts)
        pace = min(Fraction(1), Fraction(used + self._can_be_placed, max(1, decided)))
        total = 0
        for place, (own, spent) in enumerate(self._counts):
            if own > 0:
                target = pace * own - spent
                slack = exact(term["slack"]) * own
                total += around(self._persons(plan, [place]), target, slack, term)
        return total

    def _landsdel_share(self, term: dict, plan: Places) -> int:
        regions = [
            [k for k, m in enumerate(self.places) if m.landsdel == name] for name in LANDSDELER
        ]
        return self._regions(regions, term, plan)

    def _centrality_share(self, term: dict, plan: Places) -> int:
        regions = [
            [k for k, m in enumerate(self.places) if m.centrality == name] for name in range(1, 7)
        ]
        return self._regions(regions, term, plan)

    def _regions(self, regions: list[list[int]], term: dict, plan: Places) -> int:
        decided = [sum(self._counts[k][0] for k in region) for region in regions]
        used = [sum(self._counts[k][1] for k in region) for region in regions]
        total = 0
        for region, own, spent in zip(regions, decided, used, strict=True):
            share = Fraction(own, max(1, sum(decided)))
            target = share * (sum(used) + self._can_be_placed) - spent
            slack = exact(term["slack"]) * max(Fraction(0), target)
            total += around(self._persons(plan, region), target, slack, term)
        return total

    def _fair_shares(self, term: dict, plan: Places) -> int:
        open_places = self._open_places
        rate = thousandths(1000 * term["stayers_per_household"])
        total = 0
        for counts in (self._large(term["large"]), self._demanding):
            for place, free in enumerate(open_places):
                fair = -(-free * sum(counts) // max(1, sum(open_places)))
                here = sum(counts[u] for u in together(plan, place))
                total += rate * max(0, here - fair)
        return total

    def _large(self, persons: int) -> list[int]:
        return [sum(len(h.members) >= persons for h in in_homes(unit)) for unit in self.units]

    @cached_property
    def _demanding(self) -> list[int]:
        return [
            int(
                any(h.crisis_setup is Answer.YES for h in households)
                or any(
                    getattr(p, need) is Answer.YES
                    for p in people(households)
                    for need in DEMANDING
                    if need != "crisis_setup"
                )
            )
            for households in self.units
        ]

    def _concentration(self, term: dict, plan: Places) -> int:
        rate = thousandths(1000 * term["stayers_per_person"])
        total = 0
        for place, m in enumerate(self.places):
            cap = max(term["persons"], exact(term["per_cent"]) / 100 * (m.population or 0))
            persons = [p for u in together(plan, place) for p in people(self.units[u])]
            for word in {w for p in persons for w in p.languages}:
                room = max(0, math.ceil(cap - dict(m.communities).get(word, 0)))
                total += rate * max(0, sum(word in p.languages for p in persons) - room)
        return total

    def _persons(self, plan: Places, places: Sequence[int]) -> int:
        return sum(len(people(self.units[u])) for p in places for u in together(plan, p))
