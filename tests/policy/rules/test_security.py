"""Municipalities that are ruled out: security."""

from matcher.domain import Ban, BanReason
from tests.policy.rules.asked import ask, household, town

TOWNS = [town("0001"), town("0002"), town("0003")]


def test_only_bans_for_this_reason_bar_and_only_there():
    """Bans for the three other reasons are other rules' business."""
    for reason in BanReason:
        queue = [household(id="A", bans=(Ban("0002", reason),)), household(id="B")]
        mine = reason is BanReason.SECURITY
        allowed = [[True, not mine, True], [True, True, True]]
        assert ask("security", queue, TOWNS).all("allowed") == allowed


def test_linked_households_share_their_bans():
    """Neither comes where one of them must not."""
    queue = [
        household(id="A", bans=(Ban("0001", BanReason.SECURITY),)),
        household(id="B", bans=(Ban("0003", BanReason.SECURITY),)),
    ]
    asked = ask("security", queue, TOWNS, links=(("A", "B"),))
    assert asked.all("allowed") == [[False, True, False]]


def test_reason_names_the_municipality():
    """The code, the fact, and both languages."""
    asked = ask("security", household(bans=(Ban("0002", BanReason.SECURITY),)), TOWNS)
    assert asked.told(0, 1) == ("security.ruled_out", {"municipality": "Town 0002"})


def test_bans_rest_on_nothing_unknown():
    """A ban is known or there is none."""
    assert ask("security", household(), TOWNS).one("uncertain") is False
