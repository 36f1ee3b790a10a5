"""The page of a night: what needs attention, then what was placed, changed and proved."""

from collections.abc import Mapping
from typing import Any

from jinja2 import ChoiceLoader, PackageLoader

from matcher.jobs.night.page_text import NightPageText
from matcher.report.plan_page import template_environment
from matcher.report.wording import Wording
from matcher.texts import Language, load_texts

MAX_ROWS = 12
"""Rows of each table; further rows are only counted here, and are complete in the JSON."""


def render_night_page(facts: Mapping[str, Any], language: Language, plan_page: str) -> str:
    """Write the page of a night: one HTML document without external files.

    Parameters
    ----------
    facts : mapping
        The night's ``report.json``.
    language : "nb" or "en"
    plan_page : str
        File name of the report of the plan, in the same folder.
    """
    say = Wording(language, load_texts("matcher.jobs.night"))
    loader = PackageLoader("matcher.jobs.night"), PackageLoader("matcher.report")
    place = template_environment().overlay(loader=ChoiceLoader(loader))
    teller = NightPageText(facts, say)
    return place.get_template("night.html").render(
        say=say, facts=facts, tell=teller, plan_page=plan_page, shown=MAX_ROWS
    )
