"""Report: the night on one page, for people and for machines, beside the report of its plan."""

from collections.abc import Mapping

from matcher.batch.night import Hands, Made, Night
from matcher.batch.page import night_html
from matcher.batch.reporting import report_of
from matcher.report import html
from matcher.texts import Language

PAGES: Mapping[Language, tuple[str, str]] = {
    "nb": ("report.html", "plan.html"),
    "en": ("report.en.html", "plan.en.html"),
}
"""The night's page and its plan's, by language."""


def report(night: Night, hands: Hands) -> Mapping[str, Made]:
    """Write the night's report as JSON and as a page, in both languages."""
    facts = report_of(night)
    made = {"report.json": Made.of_json(facts)}
    for language, (own, plan) in PAGES.items():
        page = html(night.problem, night.result, language=language)
        told = night_html(facts, language, plan)
        made |= {own: _html(told), plan: _html(page)}
    return made


def _html(text: str) -> Made:
    return Made("text/html", text.encode())
