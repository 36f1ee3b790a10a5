"""Households and municipalities as columns of arrays, on which rules and terms compute."""

from matcher.domain.tables.array_types import BoolArray, FloatArray, IntArray
from matcher.domain.tables.build import Tables, build_tables
from matcher.domain.tables.build_households import build_household_table
from matcher.domain.tables.build_municipalities import build_municipality_table, replace_capacity
from matcher.domain.tables.combine import join_tables, recode_table
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.move_in_days import earliest_days
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.domain.tables.ragged import RaggedRows

__all__ = [
    "BoolArray",
    "FloatArray",
    "HouseholdTable",
    "IntArray",
    "MunicipalityTable",
    "RaggedRows",
    "Tables",
    "build_household_table",
    "build_municipality_table",
    "build_tables",
    "earliest_days",
    "join_tables",
    "recode_table",
    "replace_capacity",
]
