"""Numbers, dates and plurals are written as each language does, and texts have one loader."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.texts import (
    LANGUAGES,
    format_count,
    format_date,
    format_number,
    format_percent,
    load_texts,
    plural_form,
    texts_in,
)

MINUS = "\N{MINUS SIGN}"


def plain(text: str) -> str:
    """The text with ordinary spaces, to be read in a test."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("language", "written"),
    [("nb", f"{MINUS}231 911,5"), ("nn", f"{MINUS}231 911,5"), ("en", "-231,911.5")],
)
def test_a_number_has_the_separators_of_the_language(language, written):
    """No-break spaces and comma in both Norwegian languages, comma and point in English."""
    assert plain(format_number(-231911.5, language, 1)) == written


@pytest.mark.parametrize(
    ("value", "written"), [(3, "+3"), (0, "0"), (-0.4, "0"), (-3, f"{MINUS}3"), (0.4, "0")]
)
def test_a_sign_is_written_only_where_the_rounded_number_has_one(value, written):
    """What rounds to nothing has no sign."""
    assert format_number(value, "nb", sign=True) == written


@pytest.mark.parametrize(
    ("value", "written"), [(1203, "1 203"), (0.5, "0,5"), (1e-3, "0,001"), (12.0, "12")]
)
def test_a_number_keeps_its_own_decimals_where_none_are_asked_for(value, written):
    """Facts of a sentence are written as they are."""
    assert plain(format_number(value, "nb", None)) == written


@given(st.floats(-1e9, 1e9), st.integers(0, 4))
def test_a_written_number_is_the_rounded_number(value, decimals):
    """Reading the English form back gives what Python rounds to."""
    assert float(format_number(value, "en", decimals).replace(",", "")) == round(value, decimals)


@pytest.mark.parametrize(
    ("language", "style", "written"),
    [
        ("nb", "short", "4.11.2024"),
        ("en", "short", "4 Nov 2024"),
        ("nb", "long", "4. november 2024"),
        ("en", "long", "4 November 2024"),
        ("nb", "weekday", "mandag 4. november 2024"),
        ("nn", "weekday", "måndag 4. november 2024"),
        ("en", "weekday", "Monday 4 November 2024"),
    ],
)
def test_a_date_is_written_as_people_write_it(language, style, written):
    """In each language and style."""
    assert format_date(date(2024, 11, 4), language, style) == written


@pytest.mark.parametrize(("number", "form"), [(0, "dager"), (1, "dag"), (1.0, "dag"), (2, "dager")])
def test_a_noun_is_singular_for_one_only(number, form):
    """Also for a whole number that is held as a float."""
    assert plural_form(number, ("dag", "dager"), "nb") == form
    assert format_count(number, ("dag", "dager"), "nb") == f"{round(number)} {form}"


def test_per_cent_has_a_space_that_does_not_break():
    """In both languages."""
    assert {format_percent(0.125, language, 1)[-2:] for language in LANGUAGES} == {
        "\N{NO-BREAK SPACE}%"
    }


def test_a_language_without_texts_is_named():
    """With those that there are."""
    with pytest.raises(KeyError, match="no texts in 'se'; there are nb, en"):
        texts_in("se", "matcher.report")  # type: ignore[arg-type]
    assert load_texts("matcher.report") is load_texts("matcher.report")
