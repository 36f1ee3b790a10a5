"""The tables of Fafo 2025:14 that the migration model reads, against each other."""

import pytest

from instances.settled_composition import settled_counts
from matcher.stay import Coefficients, Horizon
from matcher.stay import coefficients as published_tables
from matcher.stay.coefficients import Coefficient


def test_every_level_of_tables_2_5_and_7_has_a_coefficient_and_the_other_way_round():
    """The four tables speak of the same levels."""
    effects = Coefficients.read(Horizon.SEVEN_YEARS).by_level
    for variable in ("sex", "age", "household_type", "origin", "immigration_ground"):
        levels = {level for v, level in effects if v == variable}
        for shares in (
            published_tables.settled_shares_2010_2023,
            published_tables.settled_shares_2010_2016,
        ):
            assert set(shares(variable)) == levels
            assert sum(shares(variable).values()) == pytest.approx(1)
    for variable in ("centrality", "landsdel", "population", "continuity"):
        levels = {level for v, level in effects if v == variable}
        assert set(published_tables.quartile_counts(variable)) == levels


def test_reference_levels_are_nothing_and_certain():
    """A level that others are measured against has neither effect nor error."""
    for horizon in Horizon:
        effects = Coefficients.read(horizon).by_level
        for variable, level in (
            ("sex", "man"),
            ("age", "18-29"),
            ("centrality", "3"),
            ("population", "50000+"),
            ("origin", "Syria"),
        ):
            assert effects[variable, level] == Coefficient(0.0, 0.0)


def test_table_5_is_that_of_the_synthetic_queues():
    """One transcription of the report's composition, kept in two places."""
    for variable, levels in settled_counts().items():
        counts = {level: float(n) for level, n in levels.items()}
        assert published_tables._counts(published_tables.TABLE5, variable) == counts


def test_a_level_that_is_not_in_the_table_is_an_error():
    """Not silently nothing."""
    with pytest.raises(KeyError):
        published_tables.Coefficients.read(Horizon.SEVEN_YEARS).coefficient("centrality", "7")
