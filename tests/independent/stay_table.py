"""Table 4 of the report, read a second time."""

import csv

from matcher.domain import Answer, Municipality
from tests.independent.facts import (
    LANDSDELER,
    QUARTILES,
    SIZES,
    TABLES,
)


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
