"""Households and municipalities as columns: what rules and terms compute on."""

from matcher.tables.build import Tables, build_tables
from matcher.tables.earliest import earliest_days
from matcher.tables.households import HouseholdTable
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
]
