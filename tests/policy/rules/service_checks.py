"""What every rule about a service must hold: needs and services, known and not known."""

import itertools
from typing import Any

from matcher.domain import Answer
from tests.policy.rules.asked import ask, household, person, town

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


def needing(need: str, answer: Answer, **facts: Any):
    """A household with one answer to a need, on the person or on the household."""
    if need == "crisis_setup":
        return household(crisis_setup=answer, **facts)
    return household(person(**{need: answer}), **facts)


def town_with(service: str, answer: Answer):
    """A municipality with one answer about a service."""
    facts: dict[str, Any] = {service: answer}
    return town(**facts)


def check_table(rule: str) -> None:
    """Known needs demand a service known to be there; all nine combinations."""
    for need, service in itertools.product(Answer, repeat=2):
        asked = ask(rule, needing(rule, need), town_with(rule, service))
        assert asked.one("allowed") == (need is not YES or service is YES), (need, service)
        uncertain = need is UNKNOWN and service is not YES
        assert asked.one("uncertain") == uncertain, (need, service)


def check_reasons(rule: str) -> None:
    """Missing and not reported are told apart, in the refusal and in the caution."""
    facts = {"municipality": "Town 0001"}
    for service, code in ((NO, "missing"), (UNKNOWN, "not_reported")):
        asked = ask(rule, needing(rule, YES), town_with(rule, service))
        assert asked.told() == (f"{rule}.{code}", facts)
    for service, code in ((NO, "unknown"), (UNKNOWN, "neither_known")):
        asked = ask(rule, needing(rule, UNKNOWN), town_with(rule, service))
        assert asked.told(method="caution") == (f"{rule}.{code}", facts)


def check_links(rule: str) -> None:
    """Linked households need what either needs; unknown with no is unknown."""
    where = town_with(rule, NO)
    for one, other, allowed, uncertain in (
        (YES, NO, False, False),
        (YES, UNKNOWN, False, False),
        (UNKNOWN, NO, True, True),
        (NO, NO, True, False),
    ):
        queue = [needing(rule, one, id="A"), needing(rule, other, id="B")]
        asked = ask(rule, queue, where, links=(("A", "B"),))
        assert (asked.all("allowed"), asked.all("uncertain")) == ([[allowed]], [[uncertain]])


def check_members(rule: str) -> None:
    """One member's need is the household's."""
    members = (person(id="1", **{rule: NO}), person(id="2", **{rule: YES}))
    towns = [town("0001", **{rule: YES}), town("0002", **{rule: NO})]
    assert ask(rule, household(*members), towns).all("allowed") == [[True, False]]
