"""Immutable values in the terms of refugee settlement: households, municipalities, plans."""

from matcher.domain.answer import Answer, unite
from matcher.domain.household import (
    Ban,
    BanReason,
    FamilyTie,
    Household,
    HouseholdType,
    Living,
    Upbringing,
    Wish,
    WishKind,
)
from matcher.domain.instance import Instance, PairProbabilities, TravelTime
from matcher.domain.municipality import Dwelling, Ledger, Municipality, Quartile
from matcher.domain.person import Education, Ground, Person, Sex
from matcher.domain.placement import Placement, Plan

__all__ = [
    "Answer",
    "Ban",
    "BanReason",
    "Dwelling",
    "Education",
    "FamilyTie",
    "Ground",
    "Household",
    "HouseholdType",
    "Instance",
    "Ledger",
    "Living",
    "Municipality",
    "PairProbabilities",
    "Person",
    "Placement",
    "Plan",
    "Quartile",
    "Sex",
    "TravelTime",
    "Upbringing",
    "Wish",
    "WishKind",
    "unite",
]
