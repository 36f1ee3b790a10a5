"""Which pairs are allowed, and whether a whole plan keeps every budget."""

import math
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

import matcher
from matcher.domain import Answer, Household, Instance, Ledger, Municipality, Person
from matcher.policy.policy import Policy
from tests.independent.facts import (
    BANS,
    SERVICES,
    Places,
    aged,
    days,
    in_homes,
    kilometres,
    minors,
    no_interpreter,
    people,
    suits,
    together,
)
from tests.independent.stay_table import StayTable

PUBLISHED = Path(matcher.__file__).parent / "domain" / "tables" / "settled_2022_2024.csv"


def settled_a_month(number: str) -> float | None:
    """Persons a month in 2022, 2023 and 2024 to 13 November, of the years that are published."""
    for line in PUBLISHED.read_text(encoding="utf-8").splitlines():
        name, *years = line.split(",")
        if name == number:
            known = [(int(n), m) for n, m in zip(years, (12, 12, 10.4), strict=True) if n]
            return sum(n for n, _ in known) / sum(m for _, m in known) if known else None
    return None


def remaining(decided: int | None, settled: int | None, promised: int | None) -> int:
    """Places that are open; none as long as a number is not known."""
    if decided is None or settled is None or promised is None:
        return 0
    return max(0, decided - settled - promised)


def places(ledger: Ledger) -> int:
    """Open places in persons."""
    return remaining(ledger.decided, ledger.settled, ledger.promised)


def places_for_minors(ledger: Ledger) -> int:
    """Open places for unaccompanied minors."""
    return remaining(
        part(ledger.minors_decided, ledger.decided),
        part(ledger.minors_settled, ledger.settled),
        part(ledger.minors_promised, ledger.promised),
    )


def part(minors: int | None, persons: int | None) -> int | None:
    """Minors among some persons: where there is nobody, there is no minor."""
    return 0 if minors is None and persons == 0 else minors


class Rules:
    """The hard rules of one instance under one policy."""

    def __init__(self, instance: Instance, policy: Policy) -> None:
        self.instance, self.policy = aged(instance), policy
        self.places = instance.municipalities
        self.units = self._units()
        self.stay = StayTable(policy.terms.get("stay", {}).get("years", 7))

    def _units(self) -> list[list[Household]]:
        """Households that hang together, in the order of the queue."""
        neighbours = defaultdict(set)
        for one, other in self.instance.links:
            neighbours[one].add(other)
            neighbours[other].add(one)
        seen: set[str] = set()
        units = []
        for household in self.instance.households:
            if household.id in seen:
                continue
            reached, todo = {household.id}, [household.id]
            while todo:
                new = neighbours[todo.pop()] - reached
                reached |= new
                todo += new
            seen |= reached
            units.append([h for h in self.instance.households if h.id in reached])
        return units

    # ------------------------------------------------------------ pair rules

    def allowed(self, unit: int, place: int) -> bool:
        """Whether every pair rule of the policy allows a unit in a municipality."""
        return not self.refusing(unit, place)

    def refusing(self, unit: int, place: int) -> set[str]:
        """Which pair rules refuse a unit in a municipality."""
        households, m = self.units[unit], self.places[place]
        broken = {rule for rule in SERVICES if self._lacks(rule, households, m)}
        broken |= {
            rule
            for rule, reason in BANS.items()
            if any(
                b.municipality == m.number and b.reason is reason
                for h in households
                for b in h.bans
            )
        }
        if any(h.pinned_to not in (None, m.number) for h in households):
            broken.add("pin")
        ties = {t.municipality for h in households for t in h.family if t.must_hold}
        if ties and m.number not in ties:
            broken.add("family_tie")
        if minors(households) and m.minors_setup is not Answer.YES:
            broken.add("minors_setup")
        if any(self._out_of_reach(p, m) for p in people(households)):
            broken.add("hospital")
        if any(no_interpreter(p, m) for p in people(households)):
            broken.add("interpreter")
        return broken & set(self.policy.rules)

    @staticmethod
    def _lacks(service: str, households: list[Household], m: Municipality) -> bool:
        if service == "crisis_setup":
            needed = any(h.crisis_setup is Answer.YES for h in households)
        else:
            needed = any(getattr(p, service) is Answer.YES for p in people(households))
        return needed and getattr(m, service) is not Answer.YES

    def _out_of_reach(self, person: Person, m: Municipality) -> bool:
        if person.hospital is not Answer.YES:
            return False
        limit = person.hospital_minutes
        if limit is None:
            limit = self.policy.rules.get("hospital", {}).get("minutes", 90)
        names = {n for place in self.places for n in place.hospitals}
        names |= {t.hospital for t in self.instance.travel_times}
        if person.hospital_name is not None:
            names = {person.hospital_name}
        times = [self.minutes(m, name) for name in names]
        return not any(t is not None and t <= limit for t in times)

    def minutes(self, m: Municipality, hospital: str) -> int | None:
        """Travel time from a seat to a hospital: supplied, else by road at 62 km an hour."""
        for time in self.instance.travel_times:
            if (time.municipality, time.hospital) == (m.number, hospital):
                return time.minutes
        if hospital in m.hospitals:
            return 0
        sites = [p for p in self.places if hospital in p.hospitals]
        ways = [self.way(m, p) for p in sites]
        return min((way for way in ways if way is not None), default=None)

    def way(self, m: Municipality, other: Municipality) -> int | None:
        """Estimated minutes by road between two seats; None when not known."""
        if None in (m.latitude, other.latitude):
            return None
        return round(kilometres(m, other) * 1.4 / 62.0 * 60.0)

    # ------------------------------------------------------------ budgets

    def fits(self, units: Sequence[int], place: int) -> bool:
        """Whether some units together keep every budget of a municipality."""
        return not self.overrun(units, place)

    def overrun(self, units: Sequence[int], place: int) -> set[str]:
        """Which budgets of a municipality some units together overrun."""
        m, rules = self.places[place], self.policy.rules
        persons = sum(len(h.members) for u in units for h in self.units[u])
        broken = set()
        for coming, ledger in ((False, m.ledger), (True, m.next_ledger)):
            movers = [u for u in units if self.moves_next_year(u, m) == coming]
            if sum(len(h.members) for u in movers for h in self.units[u]) > places(ledger):
                broken.add("places_this_year")
            if sum(minors(self.units[u]) for u in movers) > places_for_minors(ledger):
                broken.add("minors")
        if persons > self.receives_now(m):
            broken.add("places_now")
        if not self._housed(units, m):
            broken.add("dwellings")
        if self._takes_what_is_asked_for(units, m):
            broken.add("places_asked_for")
        return broken & set(rules)

    def _takes_what_is_asked_for(self, units: Sequence[int], m: Municipality) -> bool:
        """Whether those without an open proposal here need places that are asked for others."""
        to = {p.household for p in self.instance.earlier_plan if p.municipality == m.number}
        ledger, rules = m.next_ledger if self.receives_next_year(m) else m.ledger, self.policy.rules
        limits = [places(ledger)]
        if "places_now" in rules:
            limits.append(self.receives_now(m))
        share = rules.get("places_asked_for", {}).get("share", 1.0)
        waiting = [h for h in self.instance.households if h.id in to]
        coming = [h for u in units for h in self.units[u] if h.id not in to]
        asked = len(people(waiting))
        room = max(0, math.floor(share * min(limits) + 1e-9) - asked)
        if asked and len(people(coming)) > room:
            return True
        parts = [[h for h in unit if h.id in to] for unit in self.units if minors(unit)]
        lone_asked = sum(sum(p.unaccompanied for p in people(part)) for part in parts)
        new = sum(
            minors(self.units[u])
            - sum(p.unaccompanied for h in self.units[u] if h.id in to for p in h.members)
            for u in units
            if minors(self.units[u])
        )
        return lone_asked > 0 and new > max(0, places_for_minors(ledger) - lone_asked)

    def receives_now(self, m: Municipality) -> int:
        """Persons it can receive: as it says, else some months of its pace less who is coming."""
        if m.ledger.receive_now is not None:
            return m.ledger.receive_now
        rule = self.policy.rules.get("places_now", {})
        pace = m.monthly_pace or settled_a_month(m.number)
        if pace is None:
            first = m.next_ledger if self.receives_next_year(m) else m.ledger
            numbers = (first.decided, first.settled, first.promised)
            pace = 0 if None in numbers else first.decided / 12
        coming = (m.ledger.promised or 0) + (m.next_ledger.promised or 0)
        return max(0, max(rule.get("at_least", 6), int(rule.get("months", 2) * pace)) - coming)

    def receives_next_year(self, m: Municipality) -> bool:
        """Whether its first arrivals are after 31 December."""
        today = self.instance.today
        lead = today + timedelta(days=30 if m.lead_days is None else m.lead_days)
        return max(lead, m.earliest or today).year > today.year

    def moves_next_year(self, unit: int, m: Municipality) -> bool:
        """Whether a unit's day there is after 31 December, apart from its homes."""
        year = self.instance.today.year
        own = [h.earliest_move.year for h in self.units[unit] if h.earliest_move]
        return self.receives_next_year(m) or max(own, default=year) > year

    def _housed(self, units: Sequence[int], m: Municipality) -> bool:
        """Whether homes can be handed out, by a largest matching of households to homes."""
        needing = [h for u in units for h in in_homes(self.units[u])]
        if m.reports_dwellings is not Answer.YES or not needing:
            return True
        within = self.policy.rules.get("dwellings", {}).get("within_days", 90)
        homes = [d for d in m.dwellings if days(self.instance, d.available_from) <= within]
        if len(homes) < len(needing):
            return False
        can = np.array([[suits(h, d) for d in homes] for h in needing], dtype=np.int8)
        return bool((maximum_bipartite_matching(csr_array(can), perm_type="column") >= 0).all())

    def keeps_all(self, plan: Places) -> bool:
        """Whether a whole plan keeps every hard rule."""
        if not all(p is None or self.allowed(u, p) for u, p in enumerate(plan)):
            return False
        return all(self.fits(together(plan, p), p) for p in range(len(self.places)))
