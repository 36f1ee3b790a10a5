"""The list of needs that a service of the municipality must meet; a new one is one entry here.

An entry is a field of one of two sheets. :class:`PersonNeeds` has the needs of persons,
:class:`HouseholdNeeds` those of whole households. Persons, households, municipalities and their
tables inherit the sheets. On a person ``lar`` says whether the need exists, on a municipality
whether the service does, in a table it is the column. Files, the service's schemas and synthetic
queues read the same list; ``docs/how-to/add-a-fact.md`` adds an entry.
"""

from typing import Generic, TypeVar

from matcher.domain.need_entry import (
    AgeShare,
    Need,
    NeedText,
    SyntheticNeed,
    entry,
    need_sheet,
    sheet_entries,
)

Value = TypeVar("Value")


@need_sheet
class PersonNeeds(Generic[Value]):
    """Needs of persons; in a placing unit a need exists when a member has it."""

    __slots__ = ()

    upper_secondary: Value = entry(
        Need(
            need=NeedText(
                en="Has the right to, and wants, upper secondary school now.",
                nb="Har rett til og ønsker videregående skole nå.",
            ),
            service=NeedText(en="Upper secondary school at hand.", nb="Har videregående skole."),
            synthetic=SyntheticNeed(ages=(15, 20), shares=(AgeShare(0.85, 16, 19),), unknown=0.06),
            in_proposals=True,
            before=("study_hopes", "hospital"),
        )
    )
    lar: Value = entry(
        Need(
            need=NeedText(
                en="Needs opioid substitution treatment (LAR).",
                nb="Trenger legemiddelassistert rehabilitering (LAR).",
            ),
            service=NeedText(
                en="Opioid substitution treatment (LAR) at hand.",
                nb="Har legemiddelassistert rehabilitering (LAR).",
            ),
            synthetic=SyntheticNeed(
                ages=(18, 120),
                shares=(AgeShare(0.006, 18),),
                unknown=0.1,
                offered=(20, 42, 68, 92, 100),
            ),
            in_proposals=True,
            demanding=True,
        )
    )
    step_free: Value = entry(
        Need(
            need=NeedText(en="Needs a step-free dwelling.", nb="Trenger trinnfri bolig."),
            service=NeedText(en="Step-free homes at hand.", nb="Har trinnfrie boliger."),
            synthetic=SyntheticNeed(
                shares=(
                    AgeShare(0.008, 0, 17, "child"),
                    AgeShare(0.012, 18, 59, "adult"),
                    AgeShare(0.2, 60, 120, "old"),
                ),
                unknown=0.08,
                offered=(55, 68, 80, 92, 100),
                unreported=5,
            ),
            in_proposals=True,
            demanding=True,
        )
    )
    specialist_care: Value = entry(
        Need(
            need=NeedText(
                en="Needs specialist care.", nb="Trenger spesialisert helsehjelp eller omsorg."
            ),
            service=NeedText(
                en="Specialist care at hand.", nb="Har spesialisert helsehjelp eller omsorg."
            ),
            synthetic=SyntheticNeed(
                shares=(AgeShare(0.02),),
                unknown=0.15,
                offered=(8, 25, 50, 90, 100),
                unreported=5,
            ),
            in_proposals=True,
            demanding=True,
            close_follow_up=True,
        )
    )
    special_schooling: Value = entry(
        Need(
            need=NeedText(en="Needs special-needs schooling.", nb="Trenger tilrettelagt skole."),
            service=NeedText(en="Special-needs schooling at hand.", nb="Har tilrettelagt skole."),
            synthetic=SyntheticNeed(
                ages=(6, 15),
                shares=(AgeShare(0.03, 6, 15),),
                unknown=0.15,
                offered=(55, 75, 90, 99, 100),
            ),
            in_proposals=True,
            demanding=True,
            close_follow_up=True,
        )
    )


@need_sheet
class HouseholdNeeds(Generic[Value]):
    """Needs of whole households."""

    __slots__ = ()

    crisis_setup: Value = entry(
        Need(
            need=NeedText(
                en="Needs a municipality with a crisis or security set-up.",
                nb="Trenger en kommune med krise- eller sikkerhetstilbud.",
            ),
            service=NeedText(
                en="Has a crisis or security set-up.", nb="Har krise- eller sikkerhetstilbud."
            ),
            synthetic=SyntheticNeed(
                shares=(AgeShare(0.006),), unknown=0.12, offered=(5, 15, 40, 80, 100)
            ),
            in_proposals=True,
            demanding=True,
            close_follow_up=True,
        )
    )


PERSON_NEEDS = tuple(sheet_entries(PersonNeeds).values())
"""Entries of the needs of persons."""
HOUSEHOLD_NEEDS = tuple(sheet_entries(HouseholdNeeds).values())
"""Entries of the needs of whole households."""
NEEDS = {need.id: need for need in (*PERSON_NEEDS, *HOUSEHOLD_NEEDS)}
"""All entries by name; each is also a service of municipalities."""
