"""Immutable values in the terms of refugee settlement: households, municipalities, plans."""

from matcher.domain.answer import Answer, combine_answers
from matcher.domain.household import (
    Ban,
    BanReason,
    FamilyTie,
    Household,
    HouseholdType,
    LivingSituation,
    Upbringing,
    Wish,
    WishKind,
)
from matcher.domain.instance import Instance, PairProbabilities, TravelTime
from matcher.domain.ledger import Ledger, LedgerGap
from matcher.domain.municipality import Dwelling, Municipality, OutMigrationQuartile
from matcher.domain.person import Education, ImmigrationGround, Person, Sex
from matcher.domain.placement import Placement, Plan
from matcher.domain.planned_week import PlannedWeek

__all__ = [
    "Answer",
    "Ban",
    "BanReason",
    "Dwelling",
    "Education",
    "FamilyTie",
    "Household",
    "HouseholdType",
    "ImmigrationGround",
    "Instance",
    "Ledger",
    "LedgerGap",
    "LivingSituation",
    "Municipality",
    "OutMigrationQuartile",
    "PairProbabilities",
    "Person",
    "Placement",
    "Plan",
    "PlannedWeek",
    "Sex",
    "TravelTime",
    "Upbringing",
    "Wish",
    "WishKind",
    "combine_answers",
]
