"""What a household in a municipality adds to staying, effect by effect, from the frozen values."""

from matcher.domain import Answer, Household, Municipality, Person, Upbringing, WishKind
from tests.independent.facts import adult_driver, minors, people
from tests.independent.rules import Rules

EFFECTS = (
    "school_soon",
    "study_nearby",
    "hospital_nearby",
    "rural_or_urban",
    "north",
    "family_nearby",
    "work_nearby",
    "without_car",
    "language_community",
    "steady_follow_up",
)


def within(value: float) -> float:
    """From -1 to 1."""
    return max(-1.0, min(1.0, value))


class Effects(Rules):
    """Effects of the pair, as terms of their own."""

    def effect(self, name: str, households: list[Household], m: Municipality) -> float:
        """Points of one effect for one unit in one municipality."""
        term = self.policy.terms[name]
        size = term["size"]
        room = max(0.0, min(1.0, 1 - self.stay.reference(m)))
        fit = getattr(self, f"_{name}_fit")(term, households, m)
        return fit * (1000 * size * room) * len(people(households))

    def _school_soon_fit(self, term: dict, households: list[Household], m: Municipality) -> float:
        ages = [p.age for p in people(households) if p.age is not None]
        soon = any(16 - term["years_ahead"] <= age < 16 for age in ages)
        return -1.0 if soon and m.upper_secondary is Answer.NO else 0.0

    def _study_nearby_fit(self, term: dict, households: list[Household], m: Municipality) -> float:
        hoping = any(p.study_hopes is Answer.YES for p in people(households))
        if not hoping or m.higher_education is Answer.UNKNOWN:
            return 0.0
        if m.higher_education is Answer.YES:
            return 1.0
        towns = [p for p in self.places if p.higher_education is Answer.YES]
        ways = [w for w in (self.way(m, p) for p in towns) if w is not None]
        return within(1 - min(ways) / term["neutral_minutes"]) if ways else 0.0

    def _hospital_nearby_fit(
        self, term: dict, households: list[Household], m: Municipality
    ) -> float:
        fits = [
            self._hospital_fit(term, p, m) for p in people(households) if p.hospital is Answer.YES
        ]
        return min(fits, default=0.0)

    def _hospital_fit(self, term: dict, person: Person, m: Municipality) -> float:
        names = {n for place in self.places for n in place.hospitals}
        names |= {t.hospital for t in self.instance.travel_times}
        if person.hospital_name is not None:
            names = {person.hospital_name}
        ways = [w for w in (self.minutes(m, name) for name in names) if w is not None]
        return within(1 - min(ways) / term["neutral_minutes"]) if ways else 0.0

    def _rural_or_urban_fit(
        self, term: dict, households: list[Household], m: Municipality
    ) -> float:
        wishes = [w for h in households for w in h.wishes if w.kind is WishKind.CENTRALITY]
        if m.centrality is None:
            return 0.0
        if wishes:
            return within(sum(self._centrality_wish(int(w.value), w.wanted, m) for w in wishes))
        from_where = {h.upbringing for h in households} - {Upbringing.UNKNOWN}
        remote = (m.centrality - 3.5) / 2.5
        fit = {Upbringing.RURAL: remote, Upbringing.URBAN: -remote}
        return fit[from_where.pop()] if len(from_where) == 1 else 0.0

    @staticmethod
    def _centrality_wish(value: int, wanted: bool, m: Municipality) -> float:
        off = abs(value - m.centrality)
        return max(-1.0, 1 - off / 2) if wanted else -max(0.0, 1 - off / 2)

    def _north_fit(self, term: dict, households: list[Household], m: Municipality) -> float:
        said = [
            1 if w.wanted else -1
            for h in households
            for w in h.wishes
            if (w.kind, w.value) == (WishKind.LANDSDEL, "Nord-Norge")
        ]
        in_the_north = m.landsdel == "Nord-Norge"
        return float((sum(said) > 0) - (sum(said) < 0)) if in_the_north else 0.0

    def _family_nearby_fit(self, term: dict, households: list[Household], m: Municipality) -> float:
        best = 0.0
        by_number = {p.number: p for p in self.places}
        for tie in (t for h in households for t in h.family):
            way = 0 if tie.municipality == m.number else self.way(m, by_number[tie.municipality])
            if way is not None:
                best = max(best, 1 - way / term["reach_minutes"])
        return best

    def _work_nearby_fit(self, term: dict, households: list[Household], m: Municipality) -> float:
        jobs = dict(m.jobs)
        has = sorted(p.occupation for p in people(households) if p.occupation)
        fits = [within(jobs[o] - 1) if o in jobs else 0.0 for o in has]
        return sum(fits) / len(fits) if fits else 0.0

    def _without_car_fit(self, term: dict, households: list[Household], m: Municipality) -> float:
        drives = adult_driver(people(households))
        return -1.0 if drives is Answer.NO and m.public_transport is Answer.NO else 0.0

    def _language_community_fit(
        self, term: dict, households: list[Household], m: Municipality
    ) -> float:
        spoken = {w for p in people(households) for w in p.languages}
        most = max((n for w, n in m.communities if w in spoken), default=0)
        return min(1.0, most / term["persons"])

    def _steady_follow_up_fit(
        self, term: dict, households: list[Household], m: Municipality
    ) -> float:
        close = minors(households) > 0 or any(h.crisis_setup is Answer.YES for h in households)
        close = close or any(
            Answer.YES in (p.specialist_care, p.special_schooling) for p in people(households)
        )
        return -1.0 if close and m.continuous is Answer.NO else 0.0
