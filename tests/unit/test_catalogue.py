"""Rules and terms are complete: a source, a title, a sentence, and a text for every reason."""

import string
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np
import pytest

from matcher import Policy, Problem
from matcher.domain.errors import CatalogueError
from matcher.domain.reason import Reason
from matcher.policy.catalogue import Catalogue, CatalogueEntry, load_catalogue
from matcher.policy.reason_texts import render_reason, rule_title
from matcher.policy.rule_types import PairRule
from matcher.texts import LANGUAGES, format_date
from tests.policy.rules.asked import renders
from tests.random_instances import random_instance
from tests.unit.test_metamorphic import EVERYTHING

ENTRIES = load_catalogue().entries
FIXED = {"title", "sentence"}


@pytest.mark.parametrize("identifier", ENTRIES)
def test_entry_is_complete(identifier):
    """Titles and sentences in both languages, a source, a docstring, parameters with defaults."""
    entry = ENTRIES[identifier]
    assert entry.rule_type.source
    assert entry.rule_type.__doc__
    assert entry.rule_type()
    for language in LANGUAGES:
        assert entry.title(language) == rule_title(identifier, language)
        assert entry.sentence(language).endswith(".")
        assert not entry.title(language).endswith(".")
        for key, text in entry.texts[language].items():
            assert key in FIXED or text.endswith("."), (identifier, key)


@pytest.mark.parametrize("identifier", ENTRIES)
def test_both_languages_say_the_same_things(identifier):
    """The same codes, with the same placeholders."""

    def placeholders(language):
        return {
            key: {name for _, name, _, _ in string.Formatter().parse(text) if name}
            for key, text in ENTRIES[identifier].texts[language].items()
        }

    assert placeholders("nb") == placeholders("en")


@pytest.mark.parametrize("identifier", ENTRIES)
def test_every_parameter_is_explained(identifier):
    """In the docstring of its class or of what it shares."""
    shape: Any = ENTRIES[identifier].rule_type
    told = " ".join(kind.__doc__ or "" for kind in shape.__mro__)
    for parameter in fields(shape):
        assert parameter.name in told, (identifier, parameter.name)


def reasons() -> Iterator[Reason]:
    """What all rules and terms say of random nights: refusals, cautions and points."""
    for seed in range(50):
        problem = Problem.of(random_instance(seed, 5, 4, bars=0.6), EVERYTHING)
        h, m = problem.households, problem.municipalities
        chosen = problem.selection
        for rule in chosen.pair_rules:
            for i, j in pairs(~rule.allowed(h, m), len(h), len(m)):
                yield rule.reason(h, m, i, j)
            for i, j in pairs(rule.uncertain(h, m), len(h), len(m)):
                yield rule.caution(h, m, i, j)
        for budget in chosen.budgets:
            for i, j in pairs(~budget.fits(h, m), len(h), len(m)):
                yield budget.reason(h, m, i, j)
        for term in (*chosen.terms, *chosen.spread_terms):
            for i, j in pairs(np.ones((1, 1), dtype=bool), len(h), len(m)):
                yield term.reason(h, m, i, j)


def pairs(mask, units, towns):
    return map(tuple, np.argwhere(np.broadcast_to(mask, (units, towns))).tolist())


BUDGETS = ("places_this_year", "minors")
GAPS = ("not_asked", "decision", "settled", "promised")
ELSEWHERE = {
    *(f"{budget}.{gap}{year}" for budget in BUDGETS for gap in GAPS for year in ("", "_next")),
    *(f"{budget}.short_next" for budget in BUDGETS),
    "places_now.pace",
    "places_now.decided",
    "hospital.far",
    "hospital.no_travel_time",
    "pin.apart",
    "stay.own_model",
    "stay.nothing_known",
    "landsdel_share.unknown",
    "family_nearby.near",
}
"""Reasons that random nights do not bring about; the tests of the rule or term do."""


@pytest.mark.slow
def test_every_reason_has_its_text_and_every_text_its_reason():
    """Whatever is said can be written, and nothing is written that is never said."""
    said: set[str] = set()
    for reason in reasons():
        if reason.code not in said or len(said) < 5:
            renders(reason)
        said.add(reason.code)
    written = {
        f"{identifier}.{key}"
        for identifier, entry in ENTRIES.items()
        for key in entry.texts["nb"]
        if key not in FIXED
    }
    assert said <= written
    assert written - said <= ELSEWHERE, written - said


def test_what_is_marked_as_uncertain_is_allowed():
    """A caution is for those who may come; who is refused gets a reason instead."""
    marked = 0
    for seed in range(60):
        problem = Problem.of(random_instance(seed, 5, 3), Policy.default().with_rule("interpreter"))
        h, m = problem.households, problem.municipalities
        for rule in problem.selection.pair_rules:
            if rule.id == "interpreter":
                continue  # one member may find none while it is not known of another
            uncertain = np.broadcast_to(rule.uncertain(h, m), (len(h), len(m)))
            assert not (uncertain & ~rule.allowed(h, m)).any(), rule.id
            marked += int(uncertain.sum())
    assert marked > 100


def test_numbers_are_written_as_people_do():
    """With the separators of the language: 1 234 in Norwegian, 1,234 in English."""
    reason = Reason("immigrant_share.share", {"share": 25.5, "limit": 1234.0})
    assert render_reason(reason, "nb").startswith("Innvandrerandelen er 25,5 %")
    assert render_reason(reason, "en").startswith("The immigrant share is 25.5 %")
    assert "1\N{NO-BREAK SPACE}234 %" in render_reason(reason, "nb")
    assert "1,234 %" in render_reason(reason, "en")
    assert format_date(date(2024, 11, 4)) == "4.11.2024"
    assert format_date(date(2024, 11, 4), "en") == "4 Nov 2024"


def test_unknown_languages_and_codes_are_errors():
    """Not silently another language."""
    with pytest.raises(KeyError, match="no texts in 'nn'"):
        render_reason(Reason("pin.apart"), "nn")  # type: ignore[arg-type]
    with pytest.raises(KeyError):
        render_reason(Reason("pin.nothing"))


@dataclass(frozen=True)
class Sourceless(PairRule):
    """A rule that rests on nothing."""

    id = "sourceless"

    def allowed(self, h, m):
        """Everything."""
        return np.ones((1, 1), dtype=bool)

    def reason(self, h, m, i, j):
        """None."""
        return Reason("sourceless.none")


WHOLE = {language: {"title": "T", "sentence": "S."} for language in LANGUAGES}


@pytest.mark.parametrize(
    ("texts", "source", "message"),
    [
        (WHOLE, "", "sourceless has no source"),
        ({**WHOLE, "en": {"title": "T"}}, "x", "sourceless has no sentence in en"),
        ({"nb": WHOLE["nb"]}, "x", "sourceless has no sentence or title in en"),
        (
            {**WHOLE, "en": {**WHOLE["en"], "more": "M"}},
            "x",
            r"in one language: \['more'\]",
        ),
    ],
)
def test_what_is_incomplete_is_refused(texts, source, message):
    """With what is missing."""
    shape = type("Made", (Sourceless,), {"source": source})
    with pytest.raises(CatalogueError, match=message):
        Catalogue.of(iter([CatalogueEntry(shape, texts, "rules")]))


def test_two_of_one_name_are_refused():
    """Identifiers are unique over rules and terms."""
    one = ENTRIES["lar"]
    with pytest.raises(CatalogueError, match="two rules or terms are called 'lar'"):
        Catalogue.of(iter([one, one]))


def test_identifiers_are_those_of_their_files():
    """A rule is found where its name says."""
    for identifier, entry in ENTRIES.items():
        assert entry.rule_type.__module__ == f"matcher.policy.{entry.section}.{identifier}"
