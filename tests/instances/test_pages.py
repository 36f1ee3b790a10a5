"""The pages about synthetic queues say what the code does."""

from pathlib import Path

import pytest

from instances.pages import render_composition_table, render_profiles_page

DOCS = Path(__file__).parents[2] / "docs"


def test_the_reference_of_profiles_is_in_step() -> None:
    assert (DOCS / "reference" / "profiles.md").read_text(
        encoding="utf-8"
    ) == render_profiles_page()


@pytest.mark.slow
def test_the_figures_of_the_explanation_are_in_step() -> None:
    page = (DOCS / "explanation" / "synthetic-queues.md").read_text(encoding="utf-8")
    assert render_composition_table() in page
