"""Households and municipalities as columns of arrays, on which rules and terms compute."""

from matcher.tables.build import Tables, build_tables
from matcher.tables.build_households import household_table
from matcher.tables.build_municipalities import municipality_table, with_capacity
from matcher.tables.earliest import earliest_days
from matcher.tables.households import HouseholdTable
from matcher.tables.joining import join, recoded
from matcher.tables.municipalities import MunicipalityTable
from matcher.tables.ragged import Ragged
from matcher.tables.types import BoolArray, FloatArray, IntArray

__all__ = [
    "BoolArray",
    "FloatArray",
    "HouseholdTable",
    "IntArray",
    "MunicipalityTable",
    "Ragged",
    "Tables",
    "build_tables",
    "earliest_days",
    "household_table",
    "join",
    "municipality_table",
    "recoded",
    "with_capacity",
]
