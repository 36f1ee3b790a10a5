"""Interpreters: off by default, and bars only where there is known to be none."""

import pytest

from matcher.domain import Answer
from tests.policy.rules.asked import ask, household, person, town

TOWNS = [
    town("0001", interpreter_languages=("ar", "uk")),
    town("0002", interpreter_languages=()),
    town("0003", interpreter_languages=("*",)),
    town("0004"),
]


def speaker(*languages, need=Answer.YES, **facts):
    return person(interpreter=need, languages=languages, **facts)


@pytest.mark.parametrize(
    ("languages", "allowed", "uncertain"),
    [
        (("ar",), [True, False, True, True], [False, False, False, True]),
        (("ti",), [False, False, True, True], [False, False, False, True]),
        (("ti", "uk"), [True, False, True, True], [False, False, False, True]),
        ((), [True, False, True, True], [True, False, True, True]),
    ],
)
def test_one_language_with_an_interpreter_is_enough(languages, allowed, uncertain):
    """Where the language or the interpreter is not known the pair is allowed and marked."""
    asked = ask("interpreter", household(speaker(*languages)), TOWNS)
    assert asked.all("allowed") == [allowed]
    assert asked.all("uncertain") == [uncertain]


def test_everyone_who_needs_one_must_find_one():
    """Two members with two languages; a third who needs none does not count."""
    members = (
        speaker("ar", id="1"),
        speaker("uk", id="2"),
        speaker("ti", id="3", need=Answer.NO),
        speaker("ti", id="4", need=Answer.UNKNOWN),
    )
    asked = ask("interpreter", household(*members), TOWNS)
    assert asked.all("allowed") == [[True, False, True, True]]


def test_reason_names_the_languages_that_are_missing():
    """Only those of members who find no one."""
    members = (speaker("ar", id="1"), speaker("ti", id="2"), speaker("so", "fa", id="3"))
    asked = ask("interpreter", household(*members), TOWNS)
    facts = {"municipality": "Town 0001", "languages": "fa, so, ti"}
    assert asked.told(0, 0) == ("interpreter.missing", facts)
    assert asked.told(0, 3, "caution") == ("interpreter.unknown", {"municipality": "Town 0004"})
