"""The page of the model says what the code does, where a list or a number can be compared."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from docs import generate
from matcher.policy.catalogue import load_catalogue
from matcher.policy.pair_effect import PairEffect
from matcher.policy.terms.fair_shares import DEMANDING_NEEDS
from matcher.policy.terms.steady_follow_up import CLOSE_FOLLOW_UP

ROOT = Path(str(generate.__file__)).parent
PAGE = (ROOT / "explanation" / "model.md").read_text(encoding="utf-8")
UNKNOWNS = (ROOT / "explanation" / "unknowns.md").read_text(encoding="utf-8")
WORDS = {
    "hospital": "follow-up at a hospital",
    "lar": "LAR",
    "step_free": "a step-free home",
    "specialist_care": "specialist care",
    "special_schooling": "special-needs schooling",
    "crisis_setup": "a crisis or security set-up",
}
EFFECTS = [e for e in load_catalogue().entries.values() if issubclass(e.rule_type, PairEffect)]


def row(page: str, first: str) -> str:
    """The row of a table that begins with a word."""
    (found,) = re.findall(rf"^\| {re.escape(first)} \|(.*)\|$", page, re.MULTILINE)
    return str(found)


def test_the_needs_that_count_as_demanding_are_those_of_the_list():
    """And those of close follow-up, with the minors."""
    demanding = row(PAGE, "demanding needs").split(":")[0]
    assert [w.strip() for w in demanding.split(", ")] == [WORDS[n] for n in DEMANDING_NEEDS]
    close = row(PAGE, "close follow-up")
    assert all(WORDS[need] in close for need in CLOSE_FOLLOW_UP)
    assert "unaccompanied minor" in close


@pytest.mark.parametrize("effect", EFFECTS, ids=[e.rule_type.id for e in EFFECTS])
def test_every_effect_has_its_fit_with_its_own_numbers(effect):
    """The parameters that are not size, interval and basis stand in the formula."""
    formula = row(PAGE, f"`{effect.rule_type.id}`")
    general = {f.name for f in fields(PairEffect)}
    own: dict[str, Any] = {
        f.name: f.default for f in fields(effect.rule_type) if f.name not in general
    }
    for name, value in own.items():
        numbers = {"years_ahead": f"{16 - value} to 15"} if name == "years_ahead" else {}
        assert numbers.get(name, f"{value:g}") in formula, name


def test_every_rule_stands_in_the_table_of_unknowns():
    """Whoever adds a rule says what it does with what is not known."""
    section = UNKNOWNS.split("## Rule by rule")[1].split("\n## ")[0]
    rules = {e.rule_type.id for e in load_catalogue().entries.values() if e.section == "rules"}
    assert rules <= set(re.findall(r"`(\w+)`", section.split("\n\n")[2]))
