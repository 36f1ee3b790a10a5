"""``treffsikker fairness``: what the plan means for groups, whether barred facts show, drift."""

from dataclasses import asdict

from matcher.cli.sentences import decimal, texts
from matcher.cli.shared import (
    AsJson,
    Data,
    LanguageOption,
    PlanFolder,
    PlanPolicy,
    UsageError,
    print_json,
    print_table,
    say,
    step,
)
from matcher.cli.standing import standing
from matcher.fairness import Alarm, Finding, Group, alarms, audit, groups, outcomes
from matcher.texts import Language, number

COLUMNS = ("group", "persons", "placed", "stay", "worst_off", "waited", "kilometres", "remote")
SMALL_COUNT = "<5"


def run(
    data: Data,
    plan: PlanFolder = None,
    policy: PlanPolicy = None,
    as_json: AsJson = False,
    language: LanguageOption = "nb",
) -> None:
    """Show what the plan means for each group, whether barred facts predict it, and drift."""
    stand = standing(data, plan, policy, language)
    if stand.choice is None:
        raise UsageError(f"there is no plan in {data / 'plan'}; run treffsikker plan {data} first")
    problem, choice = stand.problem, stand.choice
    with step(texts(language)["step.fairness"]):
        persons = outcomes(problem, choice)
        results = groups(persons), audit(problem, choice, persons), alarms(problem, persons)
    if as_json:
        print_json({**_facts(*results), **stand.facts})
        return
    for note in stand.said(language):
        say(note)
    _print(*results, language)


def _facts(
    by_group: tuple[Group, ...], findings: tuple[Finding, ...], drift_alarms: tuple[Alarm, ...]
) -> dict[str, object]:
    return {
        "groups": [asdict(g) for g in by_group],
        "audit": [{**asdict(f), "alarm": f.alarm} for f in findings],
        "alarms": [asdict(a) for a in drift_alarms],
    }


def _print(
    by_group: tuple[Group, ...],
    findings: tuple[Finding, ...],
    drift_alarms: tuple[Alarm, ...],
    language: Language,
) -> None:
    words = texts(language)
    columns = [words[f"fairness.column.{name}"] for name in COLUMNS]
    rows = [_row(group, language) for group in by_group]
    print_table(columns, rows, right=frozenset(range(1, len(COLUMNS))))
    for line in ("", words["fairness.hidden"], "", words["fairness.audit"]):
        say(line)
    for finding in findings:
        say(f"  {_finding(finding, language)}")
    for line in ("", words["fairness.alarms" if drift_alarms else "fairness.no_alarms"]):
        say(line)
    for alarm in drift_alarms:
        say(f"  {_alarm(alarm, language)}")


def _row(group: Group, language: Language) -> list[str]:
    words = texts(language)
    name = words[f"fairness.dimension.{group.dimension}"]
    level = words.get(f"fairness.level.{group.level}", group.level)
    title = f"{name}: {level}" if level else name
    if group.persons is None:
        return [title, SMALL_COUNT, *([""] * (len(COLUMNS) - 2))]
    return [
        title,
        number(group.persons, language),
        number(group.placed or 0, language),
        *(_cell(value, language) for value in (_percent(group.stay), _percent(group.worst_off))),
        *(_cell(value, language) for value in (group.waited, group.kilometres)),
        _cell(_percent(group.remote), language),
    ]


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _cell(value: float | None, language: Language) -> str:
    return "" if value is None else number(value, language)


def _finding(finding: Finding, language: Language) -> str:
    words = texts(language)
    return words["fairness.alarm" if finding.alarm else "fairness.finding"].format(
        fact=words[f"fairness.dimension.{finding.fact}"],
        outcome=words[f"fairness.outcome.{finding.outcome}"],
        explained=decimal(100 * finding.explained, language, 1),
        by_chance=decimal(100 * finding.by_chance, language, 1),
        chance=decimal(finding.chance, language),
    )


def _alarm(alarm: Alarm, language: Language) -> str:
    words = texts(language)
    what = words[f"fairness.dimension.{alarm.what}"] if alarm.what else ""
    share = number(100 * alarm.share, language)
    return words[f"fairness.drift.{alarm.kind}"].format(what=what, share=share)
