"""Ask one effect of the pair about a household and some towns, where everyone moves."""

import numpy as np

from matcher.domain import Answer, OutMigrationQuartile
from tests.policy.rules.asked import Asked, ask, household, person, town

REFERENCE = {
    "centrality": 3,
    "landsdel": "Østlandet",
    "population": 50000,
    "quartile": OutMigrationQuartile.LOW,
    "continuous": Answer.YES,
    "latitude": 60.0,
    "longitude": 10.0,
}
ROOM = 0.21
"""Of the reference person in a reference town, within seven years: the constant of table 4."""


def place(number: str = "0001", **facts):
    """A town in which the reference person moves with a probability of 0.21, unless changed."""
    return town(number, **{**REFERENCE, **facts})


def north_of(minutes: float, number: str = "0002", **facts):
    """A town so many estimated minutes by road straight north of the others."""
    degrees = minutes / 60 * 62 / 1.4 / (np.pi * 6371 / 180)
    return place(number, **{"latitude": 60.0 + degrees, **facts})


def asked(effect: str, of, *towns, **given) -> Asked:
    """An effect of size 1 unless told, so that points are a thousand times room and fit."""
    size = {"size": 1.0, "low": 1.0, "high": 1.0}
    return ask(effect, of, towns, **{**size, **given})


def fits(effect: str, of, *towns, **given) -> list[float]:
    """The fit of one household in each town: points by person and room."""
    one = asked(effect, of, *towns, **given)
    h, m = one.tables
    points = np.array(one.all("points")[0])
    return (points / 1000 / h.size[0] / one.shape.model.reference_moving(m)).round(6).tolist()


def grown(**facts):
    """A household of one adult."""
    return household(person(**facts))


__all__ = ["ROOM", "asked", "fits", "grown", "household", "north_of", "person", "place"]
