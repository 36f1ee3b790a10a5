"""Words, numbers and dates: both languages are complete, and proofs are put plainly."""

import string
from dataclasses import replace
from datetime import date

import pytest

from matcher.report.plan_page import proof_sentences
from matcher.report.wording import Wording
from matcher.solve.result import Level
from matcher.texts import load_texts


def _flat(texts, before=""):
    for key, value in texts.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def _placeholders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_texts_with_the_same_placeholders():
    norwegian, english = (
        dict(_flat(load_texts("matcher.report")["nb"])),
        dict(_flat(load_texts("matcher.report")["en"])),
    )
    assert norwegian.keys() == english.keys()
    for key, text in norwegian.items():
        other = english[key]
        if isinstance(text, list):
            assert len(text) == len(other), key
        else:
            assert _placeholders(text) == _placeholders(other), key


def test_no_text_is_empty():
    for language in ("nb", "en"):
        assert all(text for _, text in _flat(load_texts("matcher.report")[language]))


@pytest.mark.parametrize(
    ("language", "written"),
    [("nb", "onsdag 12. juni 2024"), ("en", "Wednesday 12 June 2024")],
)
def test_a_date_is_written_in_words(language, written):
    assert Wording(language).day(date(2024, 6, 12), weekday=True) == written


@pytest.mark.parametrize(
    ("language", "value", "decimals", "written"),
    [
        ("nb", 1234567.25, 2, "1 234 567,25"),
        ("en", 1234567.25, 2, "1,234,567.25"),
        ("nb", -280494, 0, "−280 494"),
        ("en", -0.2, 0, "0"),
    ],
)
def test_numbers_are_written_as_the_language_does(language, value, decimals, written):
    assert Wording(language).number(value, decimals) == written.replace(" ", "\N{NO-BREAK SPACE}")


@pytest.mark.parametrize(("count", "written"), [(0, "0 husstander"), (1, "1 husstand")])
def test_a_noun_follows_its_number(count, written):
    assert Wording("nb").count("household", count).replace("\N{NO-BREAK SPACE}", " ") == written


def _sentences(solved, *gaps):
    levels = tuple(Level(100.0, None if g is None else 100 / (1 - g), 0.0) for g in gaps)
    return [s for _, s in proof_sentences(replace(solved[1], levels=levels), Wording("en"))]


def test_a_closed_gap_is_called_proved(solved):
    places, quality = _sentences(solved, 0.0, 1e-9)
    assert places.startswith("Proved: no plan places more")
    assert quality.startswith("Proved: no plan that places as many")


def test_an_open_gap_is_put_as_what_is_possible_at_most(solved):
    places, quality = _sentences(solved, 0.02, 0.0008)
    assert places.startswith("At most 2.00\N{NO-BREAK SPACE}% more")
    assert quality.startswith("At most 0.08\N{NO-BREAK SPACE}% better is possible")


def test_a_gap_is_rounded_up_so_that_at_most_stays_true(solved):
    _, quality = _sentences(solved, 0.0, 0.000701)
    assert quality.startswith("At most 0.08\N{NO-BREAK SPACE}%")


def test_no_bound_is_called_not_proved(solved):
    assert all(s.startswith("Not proved") for s in _sentences(solved, None, None))
