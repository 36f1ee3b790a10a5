"""Published facts of Norway's 357 municipalities; sources in data/sources.toml."""

import csv
from functools import cache
from importlib.resources import files

from matcher.domain.answer import Answer
from matcher.domain.ledger import Ledger
from matcher.domain.municipality import Municipality

YEAR = 2024
"""Year of the division into municipalities and of the settlement figures."""


@cache
def real_municipalities() -> tuple[Municipality, ...]:
    """Return the 357 municipalities in the order of their numbers, with published facts only.

    Number, name, county, landsdel, population and centrality (SSB), seat and coordinates
    (GeoNames, CC BY 4.0), upper secondary school (Udir), hospitals, immigrant share (SSB through
    IMDi), requested and decided (IMDi, November 2024). Facts that nobody publishes are
    unknown, and so is a decision that is not published. Decided minors are not published either.
    """
    return tuple(_municipality(row) for row in _rows())


@cache
def requested_minors() -> dict[str, int]:
    """Return the unaccompanied minors that IMDi requested for 2024, by municipality number."""
    return {row["number"]: int(row["requested_minors_2024"] or 0) for row in _rows()}


@cache
def municipalities_without_decision() -> frozenset[str]:
    """Return the numbers of the municipalities whose decision of 2024 is not published."""
    return frozenset(row["number"] for row in _rows() if not row["decided_2024"])


@cache
def _rows() -> tuple[dict[str, str], ...]:
    with (files("instances") / "data" / "municipalities.csv").open(encoding="utf-8") as file:
        return tuple(sorted(csv.DictReader(file), key=lambda row: row["number"]))


def _municipality(row: dict[str, str]) -> Municipality:
    share = row["immigrant_share_2022"]
    return Municipality(
        number=row["number"],
        name=row["name"],
        county=row["county"],
        county_number=row["county_number"],
        landsdel=row["landsdel"],
        population=int(row["population_2024"]),
        centrality=int(row["centrality_2024"]),
        seat=row["seat"],
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
        ledger=Ledger(
            requested=_number(row["requested_2024"]),
            decided=_number(row["decided_2024"]),
            minors_requested=_number(row["requested_minors_2024"]),
        ),
        upper_secondary=Answer(int(row["upper_secondary_any"])),
        hospitals=tuple(name.strip() for name in row["hospitals"].split(";") if name.strip()),
        immigrant_share=float(share) if share else None,
    )


def _number(text: str) -> int | None:
    return int(text) if text else None
