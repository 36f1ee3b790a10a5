"""Step report: write the night on one page and as JSON, with the report of its plan."""

from collections.abc import Mapping

from matcher.jobs.night.night_run import NightContext, NightRun, StepOutput
from matcher.jobs.night.page import render_night_page
from matcher.jobs.night.report_facts import collect_report_facts
from matcher.report import html
from matcher.texts import Language

PAGES: Mapping[Language, tuple[str, str]] = {
    "nb": ("report.html", "plan.html"),
    "en": ("report.en.html", "plan.en.html"),
}
"""File names of the page of the night and of the page of its plan, by language."""


def write_report(night: NightRun, context: NightContext) -> Mapping[str, StepOutput]:
    """Write the night's report as JSON and as a page, in both languages."""
    facts = collect_report_facts(night)
    outputs = {"report.json": StepOutput.of_json(facts)}
    for language, (night_name, plan_name) in PAGES.items():
        plan_page = html(night.problem, night.result, language=language)
        night_page = render_night_page(facts, language, plan_name)
        outputs |= {night_name: _html(night_page), plan_name: _html(plan_page)}
    return outputs


def _html(text: str) -> StepOutput:
    return StepOutput("text/html", text.encode())
