"""Deviations of a queue's composition from the persons settled 2010-2023."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date

import pandas as pd

from instances.settled_composition import age_group, settled_counts
from matcher.domain.household import Household
from matcher.domain.instance import Instance
from matcher.domain.person import ImmigrationGround, Person, Sex

LevelFunction = Callable[[Household, Person, date], str | None]


def composition_deviations(instance: Instance) -> pd.DataFrame:
    """Compare shares of persons with Fafo 2025:14, level by level.

    Persons with an unknown value are left out of that dimension.

    Returns
    -------
    DataFrame
        ``dimension``, ``level``, ``persons`` in the queue, ``share`` and ``report`` in per cent,
        ``deviation`` in percentage points; the largest deviation in ``attrs["largest"]``.
    """
    rows = [
        row for name, level in _LEVELS.items() for row in _compared(name, _count(instance, level))
    ]
    table = pd.DataFrame(rows)
    table.attrs["largest"] = float(table["deviation"].abs().max())
    return table


def _count(instance: Instance, level: LevelFunction) -> Mapping[str, int]:
    levels = (level(h, p, instance.today) for h in instance.households for p in h.members)
    return Counter(name for name in levels if name is not None)


def _compared(dimension: str, counted: Mapping[str, int]) -> list[dict[str, object]]:
    report = settled_counts()[dimension]
    everyone, known = sum(report.values()), max(1, sum(counted.values()))
    return [
        {
            "dimension": dimension,
            "level": level,
            "persons": counted.get(level, 0),
            "share": 100 * counted.get(level, 0) / known,
            "report": 100 * number / everyone,
            "deviation": 100 * counted.get(level, 0) / known - 100 * number / everyone,
        }
        for level, number in report.items()
    ]


def _origin(person: Person) -> str | None:
    if person.origin == "unknown":
        return None
    return person.origin if person.origin in settled_counts()["origin"] else "other country"


_LEVELS: dict[str, LevelFunction] = {
    "sex": lambda _, p, __: None if p.sex is Sex.UNKNOWN else p.sex.value,
    "age": lambda _, p, day: None if (age := p.age_on(day)) is None else age_group(age),
    "household_type": lambda h, _, __: None if h.type is None else h.type.value,
    "origin": lambda _, p, __: _origin(p),
    "immigration_ground": lambda _, p, __: (
        None if p.ground is ImmigrationGround.UNKNOWN else p.ground.value
    ),
}
