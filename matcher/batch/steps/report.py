"""Step report: write the night on one page and as JSON, with the report of its plan."""

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
"""File names of the page of the night and of the page of its plan, by language."""


def report(night: Night, hands: Hands) -> Mapping[str, Made]:
    """Write the night's report as JSON and as a page, in both languages."""
    facts = report_of(night)
    outputs = {"report.json": Made.of_json(facts)}
    for language, (night_name, plan_name) in PAGES.items():
        plan_page = html(night.problem, night.result, language=language)
        night_page = night_html(facts, language, plan_name)
        outputs |= {night_name: _html(night_page), plan_name: _html(plan_page)}
    return outputs


def _html(text: str) -> Made:
    return Made("text/html", text.encode())
