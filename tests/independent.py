"""What a plan is worth, worked out a second time from the frozen values alone.

Nothing here uses the columns, the rules, the terms, the stay model or the score of the project:
plain loops over households and municipalities, homes handed out by true bipartite matching, and
the coefficients read from the published tables themselves. Slow, and easy to check by eye.
"""

import csv
import itertools
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

import matcher
from matcher.domain import Answer, BanReason, Household, Instance, Municipality, Person
from matcher.policy import Policy

TABLES = Path(matcher.__file__).parent / "stay" / "coefficients"
LANDSDELER = ("Nord-Norge", "Trøndelag", "Vestlandet", "Sørlandet", "Østlandet")
CLASSES = ("1", "2", "3", "4", "5", "6")
SIZES = (
    (2000, "under 2000"), (5000, "2000-4999"), (10000, "5000-9999"), (20000, "10000-19999"),
    (50000, "20000-49999"), (math.inf, "50000+"),
)  # fmt: skip
QUARTILES = ("low", "medium low", "medium high", "high")
SERVICES = (
    "upper_secondary", "lar", "step_free", "specialist_care", "special_schooling", "crisis_setup",
)  # fmt: skip
BANS = {
    "ban": BanReason.CASEWORKER,
    "refusal": BanReason.REFUSED,
    "address_protection": BanReason.ADDRESS_PROTECTION,
    "security": BanReason.SECURITY,
}
DEMANDING = (
    "hospital", "lar", "step_free", "specialist_care", "special_schooling", "crisis_setup",
)  # fmt: skip
Places = Sequence[int | None]
"""Place in the list of municipalities of each unit, None for none."""


def thousandths(points: float) -> int:
    """Points in thousandths, halves to the even one."""
    return round(points * 1000)


class Night:
    """One instance under one policy, worked out from first principles."""

    def __init__(self, instance: Instance, policy: Policy) -> None:
        self.instance, self.policy = instance, policy
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
        sites = [p for p in self.places if hospital in p.hospitals]
        if not sites or None in (m.latitude, sites[-1].latitude):
            return None
        return round(kilometres(m, sites[-1]) * 1.4 / 62.0 * 60.0)

    # ------------------------------------------------------------ budgets

    def fits(self, units: Sequence[int], place: int) -> bool:
        """Whether some units together keep every budget of a municipality."""
        return not self.overrun(units, place)

    def overrun(self, units: Sequence[int], place: int) -> set[str]:
        """Which budgets of a municipality some units together overrun."""
        m, rules = self.places[place], self.policy.rules
        ledger = m.ledger
        households = [h for u in units for h in self.units[u]]
        persons = sum(len(h.members) for h in households)
        lone = sum(minors(self.units[u]) for u in units)
        extra = ledger.extra if rules.get("places_this_year", {}).get("use_extra") else 0
        left = ledger.decided + extra - ledger.settled - ledger.promised
        minors_left = ledger.minors_decided - ledger.minors_settled - ledger.minors_promised
        broken = set()
        if persons > max(0, left):
            broken.add("places_this_year")
        if ledger.receive_now is not None and persons > ledger.receive_now:
            broken.add("places_now")
        if lone > max(0, minors_left):
            broken.add("minors")
        if not self._housed(units, m):
            broken.add("dwellings")
        return broken & set(rules)

    def _housed(self, units: Sequence[int], m: Municipality) -> bool:
        """Whether homes can be handed out, by a largest matching of households to homes."""
        needing = [h for u in units if not minors(self.units[u]) for h in self.units[u]]
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
        overdue = max(-days_from(self.instance, h.deadline) for h in households)
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

    @property
    def pair_terms(self) -> list[str]:
        """Terms of level 2 that add up over pairs."""
        known = ("stay", "speed", "stability", "alone_in_language", "immigrant_share")
        return [t for t in known if t in self.policy.terms]

    @cached_property
    def pair_points(self) -> list[list[dict[str, int]]]:
        """Thousandths of every unit, municipality and pair term."""
        return [
            [
                {t: thousandths(getattr(self, f"_{t}")(households, m)) for t in self.pair_terms}
                for m in self.places
            ]
            for households in self.units
        ]

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
        if m.reports_dwellings is Answer.YES and not minors(households):
            for h in households:
                free = [days(self.instance, d.available_from) for d in m.dwellings if suits(h, d)]
                ready.append(min(free, default=0))
        return max(ready)

    def _stability(self, households: list[Household], m: Municipality) -> float:
        before = {
            next((p.municipality for p in self.instance.earlier_plan if p.household == h.id), None)
            for h in households
        }
        return self.policy.terms["stability"]["threshold"] if before == {m.number} else 0.0

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

    @property
    def _can_be_placed(self) -> int:
        queue = sum(len(people(households)) for households in self.units)
        return min(queue, sum(max(0, m.ledger.open) for m in self.places))

    def _plan_adherence(self, term: dict, plan: Places) -> int:
        decided = sum(m.ledger.decided for m in self.places)
        used = sum(m.ledger.settled + m.ledger.promised for m in self.places)
        pace = min(1.0, (used + self._can_be_placed) / max(1, decided))
        total = 0
        for place, m in enumerate(self.places):
            if m.ledger.decided > 0:
                target = pace * m.ledger.decided - m.ledger.settled - m.ledger.promised
                slack = term["slack"] * m.ledger.decided
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
        decided = [sum(self.places[k].ledger.decided for k in region) for region in regions]
        used = [
            sum(self.places[k].ledger.settled + self.places[k].ledger.promised for k in region)
            for region in regions
        ]
        total = 0
        for region, own, spent in zip(regions, decided, used, strict=True):
            share = own / max(1, sum(decided))
            target = share * (sum(used) + self._can_be_placed) - spent
            slack = term["slack"] * max(0.0, target)
            total += around(self._persons(plan, region), target, slack, term)
        return total

    def _fair_shares(self, term: dict, plan: Places) -> int:
        open_places = [max(0, m.ledger.open) for m in self.places]
        rate = thousandths(1000 * term["stayers_per_household"])
        total = 0
        for counts in (self._large(term["large"]), self._demanding()):
            for place, free in enumerate(open_places):
                fair = -(-free * sum(counts) // max(1, sum(open_places)))
                here = sum(counts[u] for u in together(plan, place))
                total += rate * max(0, here - fair)
        return total

    def _large(self, persons: int) -> list[int]:
        return [int(len(people(households)) >= persons) for households in self.units]

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
            cap = max(term["persons"], term["per_cent"] / 100 * (m.population or 0))
            persons = [p for u in together(plan, place) for p in people(self.units[u])]
            for word in {w for p in persons for w in p.languages}:
                room = max(0, math.ceil(cap - dict(m.communities).get(word, 0)))
                total += rate * max(0, sum(word in p.languages for p in persons) - room)
        return total

    def _persons(self, plan: Places, places: Sequence[int]) -> int:
        return sum(len(people(self.units[u])) for p in places for u in together(plan, p))

    # ------------------------------------------------------------ all plans

    def plans(self) -> Iterator[tuple[int | None, ...]]:
        """Every plan that keeps all rules."""
        options = [
            [None, *(p for p in range(len(self.places)) if self.allowed(u, p))]
            for u in range(len(self.units))
        ]
        known: dict[tuple[int, tuple[int, ...]], bool] = {}

        def fits(plan: Places, place: int) -> bool:
            key = place, tuple(together(plan, place))
            if key not in known:
                known[key] = self.fits(key[1], place)
            return known[key]

        for plan in itertools.product(*options):
            if all(fits(plan, place) for place in set(plan) - {None}):
                yield plan

    def best(self) -> tuple[int, int]:
        """Best level 1, and best level 2 among the plans that reach it."""
        plans = list(self.plans())
        most = max(self.weight(plan) for plan in plans)
        return most, max(self.value(plan) for plan in plans if self.weight(plan) == most)


SPREADS = ("plan_adherence", "landsdel_share", "centrality_share", "fair_shares", "concentration")


def together(plan: Places, place: int) -> list[int]:
    """Units that a plan places in a municipality."""
    return [u for u, p in enumerate(plan) if p == place]


def people(households: list[Household]) -> list[Person]:
    """All persons of some households."""
    return [p for h in households for p in h.members]


def child(person: Person) -> bool:
    """A person under 18; an unaccompanied minor is one even where the age is not known."""
    return person.unaccompanied or (person.age is not None and person.age < 18)


def minors(households: list[Household]) -> int:
    """Unaccompanied minors who have no adult with them."""
    persons = people(households)
    if any(not p.unaccompanied and p.age is not None and p.age >= 18 for p in persons):
        return 0
    return sum(p.unaccompanied for p in persons)


def no_interpreter(person: Person, m: Municipality) -> bool:
    """Whether a person who needs an interpreter is known to find none."""
    if person.interpreter is not Answer.YES or not person.languages:
        return False
    if m.interpreter_languages is None or "*" in m.interpreter_languages:
        return False
    return not set(person.languages) & set(m.interpreter_languages)


def suits(household: Household, home) -> bool:
    """Whether a home is large enough for a household, and without steps where that is needed."""
    steps = any(p.step_free is Answer.YES for p in household.members)
    return home.beds >= len(household.members) and (home.step_free is Answer.YES or not steps)


def days_from(instance: Instance, day) -> int:
    """Days from today, below 0 for the past; 0 for no day at all."""
    return 0 if day is None else (day - instance.today).days


def days(instance: Instance, day) -> int:
    """Days from today until a day, 0 when it is past or there is none."""
    return max(0, days_from(instance, day))


def kilometres(one: Municipality, other: Municipality) -> float:
    """Great-circle distance between two seats."""
    a, b = math.radians(one.latitude), math.radians(other.latitude)
    apart = math.radians(other.longitude - one.longitude)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(apart / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(half))


def around(total: int, target: float, slack: float, term: dict) -> int:
    """Cost in thousandths of being off a target: one rate within the slack, a steeper beyond."""
    aim = round(max(0.0, target))
    low, high = round(max(0.0, aim - slack)), round(aim + slack)
    near = 1000 * 1000 * term["stayers_per_person"]
    far = near * term["steep"]
    if total < aim:
        within = min(aim - total, aim - low)
        return round(near * within + far * max(0, low - total))
    within = min(total - aim, high - aim)
    return round(near * within + far * max(0, total - high))


def published(name: str) -> list[dict[str, str]]:
    """Rows of one of the report's tables."""
    return list(csv.DictReader((TABLES / name).read_text(encoding="utf-8").splitlines()))


class StayTable:
    """The reference person's probability of staying, from the published tables."""

    def __init__(self, years: int) -> None:
        rows = published("fafo_2025_14_table4.csv")
        self.effects = {(r["variable"], r["level"]): float(r[f"b_{years}y"]) for r in rows}
        self.counts = {
            (r["dimension"], r["level"]): [int(r[q.replace(" ", "_")]) for q in QUARTILES]
            for r in published("fafo_2025_14_table7.csv")
        }

    def reference(self, m: Municipality) -> float:
        """One minus the constant and the effects of the municipality."""
        size = next(
            (name for most, name in SIZES if m.population is not None and m.population < most), None
        )
        facts = {
            "centrality": None if m.centrality is None else str(m.centrality),
            "landsdel": m.landsdel if m.landsdel in LANDSDELER else None,
            "population": size,
            "continuity": {
                Answer.YES: "settles continuously",
                Answer.NO: "does not settle continuously",
            }.get(m.continuous),
        }
        moving = self.effects["constant", ""]
        for variable, level in facts.items():
            moving += sum(
                share * self.effects[variable, name]
                for name, share in self.shares(variable, level).items()
            )
        for name, share in self.quartiles(m, facts).items():
            moving += share * self.effects["outmigration_quartile", name]
        return 1 - moving

    def shares(self, variable: str, level: str | None) -> dict[str, float]:
        """The level itself, or the make-up of the country where it is not known."""
        if level is not None:
            return {level: 1.0}
        counts = {name: sum(c) for (v, name), c in self.counts.items() if v == variable}
        return {name: count / sum(counts.values()) for name, count in counts.items()}

    def quartiles(self, m: Municipality, facts: dict) -> dict[str, float]:
        """The quartile itself, or Bayes over what is known of the municipality."""
        if m.quartile is not None:
            return {str(m.quartile): 1.0}
        both = [self.counts["continuity", name] for name in self.shares("continuity", None)]
        prior = [sum(column) / sum(map(sum, both)) for column in zip(*both, strict=True)]
        chance = list(prior)
        for variable in ("centrality", "population", "landsdel"):
            mixed = [0.0] * len(QUARTILES)
            for name, share in self.shares(variable, facts[variable]).items():
                counts = self.counts[variable, name]
                for q in range(len(QUARTILES)):
                    mixed[q] += share * counts[q] / sum(counts)
            chance = [c * x / p for c, x, p in zip(chance, mixed, prior, strict=True)]
        return {name: c / sum(chance) for name, c in zip(QUARTILES, chance, strict=True)}
