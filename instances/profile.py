"""Profiles of synthetic queues: every parameter, read from a file and checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from instances.listed_needs import default_shares, default_unknown
from instances.parameter_types import (
    CalendarDay,
    Count,
    Days,
    DecidedSource,
    Factor,
    MunicipalityNumbers,
    ParameterCheck,
    ReceiveNowSource,
    Share,
    SignedDays,
    WeightedSteps,
    parameter_checks,
    share_check,
)
from instances.profile_files import (
    check_section,
    find_profile_file,
    list_packaged_profiles,
    read_with_parents,
)
from matcher.domain.need_entry import with_needs
from matcher.domain.needs import HouseholdNeeds, PersonNeeds


@dataclass(frozen=True, slots=True)
class QueueParameters:
    """Parameters of waiting time, living, ties and bans of households.

    All shares are of households, except ``unaccompanied``, which is a share of persons.
    """

    today: CalendarDay
    households: Count
    waiting_from: SignedDays
    waiting_days: WeightedSteps
    deadline: Share
    deadline_days_children: Days
    deadline_days_others: Days
    earliest_move: Share
    unaccompanied: Share
    linked: Share
    private: Share
    address_protection: Share
    security: Share
    refused: Share
    caseworker: Share
    pinned: Share
    family: Share
    family_must_hold: Share
    wish: Share
    rural: Share


@dataclass(frozen=True, slots=True)
class NeedRates:
    """Shares with a need, among persons whom the need can concern and whose answer is known.

    The needs of :mod:`matcher.domain.needs` are in ``Profile.listed_needs``.
    """

    study_hopes: Share
    hospital_child: Share
    hospital_adult: Share
    hospital_old: Share
    hospital_named: Share
    interpreter: Share
    english: Share
    licence: Share


@dataclass(frozen=True, slots=True)
@with_needs(before="occupation")
class UnknownRates(PersonNeeds[Share], HouseholdNeeds[Share]):
    """Shares of persons or households with an unknown fact.

    ``collective_factor`` multiplies these shares for persons under collective protection.
    """

    household_type: Share
    age: Share
    sex: Share
    origin: Share
    ground: Share
    languages: Share
    interpreter: Share
    study_hopes: Share
    hospital: Share
    occupation: Share
    education: Share
    licence: Share
    upbringing: Share
    living: Share
    collective_factor: Factor


@dataclass(frozen=True, slots=True)
class PlaceParameters:
    """Parameters of the municipalities: which ones, use of the ledger, and their answers."""

    include: MunicipalityNumbers
    decided: DecidedSource
    decided_factor: Factor
    settled: Share
    promised: Share
    decided_next_year: Share
    open_per_person: Factor
    receive_now: ReceiveNowSource
    receive_per_person: Factor
    receive_unsaid: Share
    receiving: Share
    lead_days_least: Days
    lead_days_most: Days
    lead_days_unsaid: Share
    not_yet: Share
    reports_dwellings: Share
    beds_per_place: Factor
    step_free_dwellings: Share
    reports_weeks: Share


SECTIONS: dict[str, type] = {
    "queue": QueueParameters,
    "needs": NeedRates,
    "unknown": UnknownRates,
    "places": PlaceParameters,
}


@dataclass(frozen=True, slots=True)
class Profile:
    """A named kind of queue; a file in which every parameter has a comment.

    Parameters
    ----------
    name, description : str
        Name and purpose.
    queue, needs, unknown, places
        The parameters, section by section.
    listed_needs : mapping of str to float
        Shares with the needs of :mod:`matcher.domain.needs`: those of section ``needs``, else
        those of the entries.
    """

    name: str
    description: str
    queue: QueueParameters
    needs: NeedRates
    unknown: UnknownRates
    places: PlaceParameters
    listed_needs: Mapping[str, float] = field(hash=False)

    @classmethod
    def read(cls, name_or_path: str | Path) -> Self:
        """Read a profile of the package by name, or another profile by path.

        Raises
        ------
        ValueError
            With all faults at once: file, key, value, and what to do.
        """
        file = find_profile_file(name_or_path)
        declared, faults = read_with_parents(file)
        content = _with_listed_needs(declared)
        for name in SECTIONS:
            faults += check_section(file, name, content.get(name), _checks(name))
        known = {"extends", "description", *SECTIONS}
        faults += [
            f"{file}: {key!r} is not a section; known are {', '.join(sorted(known))}"
            for key in content
            if key not in known
        ]
        if faults:
            raise ValueError("\n".join(faults))
        shares = {name: content["needs"].pop(name) for name in default_shares()}
        sections = {
            name: section(**{key: _frozen(value) for key, value in content[name].items()})
            for name, section in SECTIONS.items()
        }
        description = str(content.get("description", ""))
        return cls(file.stem, description, **sections, listed_needs=MappingProxyType(shares))


def profile_names() -> tuple[str, ...]:
    """List the profiles in the package, the smallest queue first."""
    return list_packaged_profiles()


def _with_listed_needs(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content with the entries' values of what it does not say about listed needs."""
    result = dict(content)
    for name, defaults in (("needs", default_shares()), ("unknown", default_unknown())):
        if isinstance(result.get(name), dict):
            result[name] = defaults | result[name]
    return result


def _checks(section: str) -> dict[str, ParameterCheck]:
    checks = parameter_checks(SECTIONS[section])
    return checks | dict.fromkeys(default_shares(), share_check) if section == "needs" else checks


def _frozen(value: object) -> object:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
