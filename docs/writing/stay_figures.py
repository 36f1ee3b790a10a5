"""The page that compares the stay model with the report's own figures."""

from collections.abc import Iterator, Mapping

import numpy as np

from docs.writing.markdown import format_table
from matcher.domain.tables import FloatArray
from matcher.stay import Horizon, persons
from matcher.stay.cohort import person_type_shares
from matcher.stay.fitting.replication import (
    PlacePrediction,
    ReplicatedShare,
    find_consistent_composition,
    person_type_moving,
    predict_by_place,
    replicate_table_2,
)
from matcher.stay.raking import margin_sums

HEAD = """# The stay model against the report's own figures

<!-- Written by `python -m docs.generate`; change matcher/stay or docs/writing, not this page. -->

Does the [stay model](../explanation/stay-model.md) give back what it was made from? The cohort is
that of the report: persons as in table 2, places as in tables 1 and 7 (Fafo 2025:14). The report
counts one fact at a time. How facts go together is known only in two cases (69 % of the women live
as parents of children under 18; 36 % of those of 18-29 live alone); all else is taken to be as
even as these sums allow. Settlement years 2010-2016 count alike, income is left at its reference.

Printed by `treffsikker stay figures --years 5`, `--years 6-7` and `--years 7`. Observed figures
and deviations are in per cent and percentage points; deviations over three are bold.

![Predicted against observed moving shares within seven years](stay-figures.svg)

The plot is `treffsikker stay figures --plot stay-figures.svg`; the band is three points wide on
either side, and groups outside it are named.
"""
TITLES: Mapping[Horizon, str] = {
    Horizon.FIVE_YEARS: "within five",
    Horizon.YEAR_SIX_TO_SEVEN: "in year six to seven",
    Horizon.SEVEN_YEARS: "within seven",
}
PLACES = """## By kind of municipality

Predicted within seven years, beside what the report tells of ten (from figures 12-14: just under,
near, just over). Levels cannot agree, as the times differ; the order must, and does: by centrality
without exception, by size without exception, and by landsdel with Nord-Norge first, Trøndelag
second and Østlandet last.
"""
DEVIATION_CAUSES = """## Why the large deviations

**Ordinary least squares gives back the mean of every group that it has an effect for**, in the data
that it was fitted on. On the report's own persons no group below could deviate by more than
rounding. So a deviation says that the cohort here is not that cohort: facts go together in another
way than *as evenly as the sums allow*. For instance, the model says that those from Eritrea move
less than others *all else alike*, and the report observed that they move about as much. Both hold
if more of them are young, live alone and came as asylum seekers, who all move more.

To see whether that can be all, the composition is looked for that has the same sums, gives back
every group's observed share (but for the level of everyone), and otherwise differs least from the
assumed one. It exists within five years and within seven: {five} % and {seven} % of the persons
would have to be of another kind. The table says what it has to be for each group with a large
deviation, in per cent of the group, as *assumed → needed*.
"""
KNOWN_CAUSES = """Two large deviations have a reason of their own as well.

- **30-39 in year six to seven, and all of that column.** Effects within five years and in year six
  to seven add up to those within seven, as least squares is linear in what it explains. For four
  effects of age they do not, by more than rounding can explain: 30-39 (-0.07 and 0.03 against
  -0.06), 40-49, 50-59 and 60+. **No composition of the cohort gives back what was observed in year
  six to seven with that column as printed; with the difference of the other two columns in its
  place, one does** ({late} % of another kind; the rows above are of that one). The printed 0.03 for
  30-39 is likely to be a misprint: -0.06 less -0.07 is 0.01. The table is used as printed; only
  this horizon is affected, and no policy uses it.
- **Other refugees** are 921 persons of 53 489, with a standard error of 0.02 on their effect.

What remains unknown: income when moving (its effects are 0 to 0.04 within seven years) is left at
nothing earned, and settlement years are taken to be of equal size. Both move all groups alike.
"""
RELATED_LEVELS: Mapping[str, tuple[str, str]] = {
    "in families with children": ("household_type", "parent of child under 18"),
    "of 18-29": ("age", "18-29"),
    "asylum": ("immigration_ground", "asylum"),
}
"""Levels whose share of a group the table shows: head of the column, variable and level."""


def stay_page() -> str:
    """Return the text of the page."""
    figures = {horizon: replicate_table_2(horizon) for horizon in TITLES}
    columns = [w for t in TITLES.values() for w in (f"observed {t}", "predicted", "deviation")]
    needed = {horizon: _composition(horizon) for horizon in TITLES}
    five, late, seven = (_per_cent_moved(shares) for shares in needed.values())
    lines = [HEAD, "## By group of persons", ""]
    lines += format_table(("group", *columns), _groups(figures))
    lines += [PLACES, *format_table(("municipalities", "within seven", "after ten"), _places())]
    lines += [DEVIATION_CAUSES.format(five=five, seven=seven)]
    lines += format_table(
        ("group", "horizon", "deviation", *RELATED_LEVELS), _needed(figures, needed)
    )
    lines += [KNOWN_CAUSES.format(late=late)]
    return "\n".join(lines).rstrip() + "\n"


def _composition(horizon: Horizon) -> FloatArray:
    """Composition of the cohort that has the observed figures.

    Moving in year six to seven is the difference of the other two horizons.
    """
    moving = person_type_moving(horizon)
    if horizon is Horizon.YEAR_SIX_TO_SEVEN:
        moving = person_type_moving(Horizon.SEVEN_YEARS) - person_type_moving(Horizon.FIVE_YEARS)
    composition = find_consistent_composition(moving, horizon)
    assert composition is not None
    return composition


def _per_cent_moved(needed: FloatArray) -> int:
    """Per cent of the persons who would have to be of another kind than assumed."""
    return round(50 * float(np.abs(needed - person_type_shares()).sum()))


def _groups(figures: Mapping[Horizon, list[ReplicatedShare]]) -> Iterator[list[str]]:
    for row in zip(*figures.values(), strict=True):
        cells = [cell for figure in row for cell in _cells(figure)]
        yield [_name(row[0].variable, row[0].level), *cells]


def _cells(figure: ReplicatedShare) -> list[str]:
    mark = "**" if figure.is_large else ""
    deviation = f"{mark}{round(100 * figure.deviation, 1) + 0.0:+.1f}{mark}"
    return [f"{100 * figure.observed:.1f}", f"{100 * figure.predicted:.1f}", deviation]


def _name(variable: str, level: str) -> str:
    return f"{variable.replace('_', ' ')}: {level}" if variable else "everyone"


def _places() -> Iterator[list[str]]:
    for place in predict_by_place():
        predicted = f"{100 * place.predicted:.1f}"
        yield [_name(place.variable, place.level), predicted, _after_ten_years(place)]


def _after_ten_years(place: PlacePrediction) -> str:
    return "" if place.ten_years is None else f"{100 * place.ten_years:.0f}"


def _needed(
    figures: Mapping[Horizon, list[ReplicatedShare]], needed: Mapping[Horizon, FloatArray]
) -> Iterator[list[str]]:
    for horizon, of_horizon in figures.items():
        for figure in (f for f in of_horizon if f.is_large):
            change = [_change(figure, *level, needed[horizon]) for level in RELATED_LEVELS.values()]
            name = _name(figure.variable, figure.level)
            yield [name, TITLES[horizon], f"{100 * figure.deviation:+.1f}", *change]


def _change(figure: ReplicatedShare, variable: str, level: str, needed: FloatArray) -> str:
    """Share of a group that also has another level, as *assumed → needed*."""
    if figure.variable == variable:
        return ""
    group, second_level = (figure.variable, figure.level), (variable, level)
    shares = [_share(table, group, second_level) for table in (person_type_shares(), needed)]
    return " → ".join(f"{100 * share:.0f}" for share in shares)


def _share(shares: FloatArray, group: tuple[str, str], second_level: tuple[str, str]) -> float:
    (axis, row), (second_axis, second_row) = _position(*group), _position(*second_level)
    pair = margin_sums(shares, min(axis, second_axis), max(axis, second_axis))
    both = pair[row, second_row] if axis < second_axis else pair[second_row, row]
    return float(both / margin_sums(shares, axis)[row])


def _position(variable: str, level: str) -> tuple[int, int]:
    return list(persons.PERSON_LEVELS).index(variable), persons.PERSON_LEVELS[variable].index(level)
