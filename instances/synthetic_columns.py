"""List which columns of a generated instance are synthetic."""

from dataclasses import fields

from instances.municipalities import municipalities_without_decision
from instances.profile import Profile
from matcher.domain.household import Household
from matcher.domain.municipality import Dwelling, Municipality
from matcher.domain.needs import NEEDS
from matcher.domain.person import Person
from matcher.domain.planned_week import PlannedWeek

PUBLISHED_COLUMNS = frozenset(
    [
        "number",
        "name",
        "county",
        "county_number",
        "landsdel",
        "population",
        "centrality",
        "seat",
        "latitude",
        "longitude",
        *(need.id for need in NEEDS.values() if need.synthetic.offered is None),
        "hospitals",
        "immigrant_share",
        "minors_setup",
        "requested",
        "minors_requested",
        "decided",
    ]
)
"""Columns of municipalities with published figures (minors_setup: IMDi requests minors of it)."""
LEDGER_COLUMNS = (
    "settled",
    "promised",
    "extra",
    "minors_decided",
    "minors_settled",
    "minors_promised",
    "receive_now",
)
NEXT_YEAR_COLUMNS = (
    "municipality",
    "requested",
    "decided",
    "promised",
    "minors_requested",
    "minors_decided",
    "minors_promised",
)
OMITTED_COLUMNS = frozenset(
    ("ledger", "next_ledger", "monthly_pace", "dwellings", "weeks", "quartile", "continuous")
)


def list_synthetic_columns(profile: Profile, numbers: frozenset[str]) -> tuple[str, ...]:
    """List the synthetic columns as ``file.column``.

    The column of decided places is listed when a value in it is synthetic: the decision of a
    municipality is not published, or the profile does not use the decisions of the councils.
    """
    rules = profile.places
    households = [f"households.{f.name}" for f in fields(Household) if f.name != "members"]
    members = ["members.household", *(f"members.{f.name}" for f in fields(Person))]
    columns = [
        f.name for f in fields(Municipality) if f.name not in PUBLISHED_COLUMNS | OMITTED_COLUMNS
    ]
    if (
        rules.decided != "council"
        or rules.decided_factor != 1.0
        or numbers & municipalities_without_decision()
    ):
        columns.append("decided")
    municipalities = [f"municipalities.{name}" for name in (*columns, *LEDGER_COLUMNS)]
    dwellings = ["dwellings.municipality", *(f"dwellings.{f.name}" for f in fields(Dwelling))]
    weeks = ["weeks.municipality", *(f"weeks.{f.name}" for f in fields(PlannedWeek))]
    if not rules.reports_weeks:
        weeks = []
    links = ["links.household", "links.linked_to"]
    coming = rules.decided_next_year > 0.0
    next_year = [f"next_year.{name}" for name in NEXT_YEAR_COLUMNS if coming]
    return tuple(households + members + municipalities + next_year + dwellings + weeks + links)
