"""Which columns of a generated instance are synthetic."""

from dataclasses import fields

from instances.municipalities import undecided
from instances.profile import Profile
from matcher.domain import Dwelling, Household, Municipality, Person

KNOWN = frozenset(
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
        "upper_secondary",
        "hospitals",
        "immigrant_share",
        "minors_setup",
        "requested",
        "decided",
    ]
)
"""Columns of municipalities with published figures (minors_setup: IMDi requests minors of it)."""
LEDGER = (
    "settled", "promised", "extra", "minors_decided", "minors_settled", "minors_promised",
    "receive_now",
)  # fmt: skip
NOT_FILLED = frozenset(("ledger", "dwellings", "quartile", "continuous"))


def made_up_columns(profile: Profile, numbers: frozenset[str]) -> tuple[str, ...]:
    """Name the synthetic columns as ``file.column``.

    The decided places are named when some of them are: not published for one of the
    municipalities, or not taken from the councils at all.
    """
    rules = profile.places
    households = [f"households.{f.name}" for f in fields(Household) if f.name != "members"]
    members = ["members.household", *(f"members.{f.name}" for f in fields(Person))]
    columns = [f.name for f in fields(Municipality) if f.name not in KNOWN | NOT_FILLED]
    if rules.decided != "council" or rules.decided_factor != 1.0 or numbers & undecided():
        columns.append("decided")
    municipalities = [f"municipalities.{name}" for name in (*columns, *LEDGER)]
    dwellings = ["dwellings.municipality", *(f"dwellings.{f.name}" for f in fields(Dwelling))]
    links = ["links.household", "links.linked_to"]
    return tuple(households + members + municipalities + dwellings + links)
