"""Upper secondary school now: who is to attend comes where there is one."""

from tests.policy.rules import service_checks

RULE = "upper_secondary"


def test_known_needs_demand_a_service_known_to_be_at_hand():
    """All nine combinations of need and service."""
    service_checks.check_table(RULE)


def test_reasons_tell_missing_from_not_known():
    """Refusal and caution, rendered in both languages."""
    service_checks.check_reasons(RULE)


def test_linked_households_unite_their_needs():
    """Yes wins, then unknown, then no."""
    service_checks.check_links(RULE)


def test_one_members_need_is_the_households():
    """A need of one member of two."""
    service_checks.check_members(RULE)
