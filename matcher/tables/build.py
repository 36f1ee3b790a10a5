"""From an instance's frozen values to columns."""

from dataclasses import dataclass
from datetime import date

from matcher.domain import Instance
from matcher.tables.build_households import household_table
from matcher.tables.build_municipalities import municipality_table
from matcher.tables.households import HouseholdTable
from matcher.tables.municipalities import MunicipalityTable


@dataclass(frozen=True, eq=False)
class Tables:
    """Both tables and the day that their days count from."""

    today: date
    households: HouseholdTable
    municipalities: MunicipalityTable


def build_tables(instance: Instance) -> Tables:
    """Turn an instance into columns, linked households merged exactly.

    Sizes add, needs unite, unknown stays unknown.

    Raises
    ------
    ValueError
        When a household points to a municipality that the instance does not have.
    KeyError
        When a link names a household that is not in the queue.
    """
    municipalities = municipality_table(instance)
    return Tables(instance.today, household_table(instance, municipalities), municipalities)
