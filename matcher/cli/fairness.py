"""``treffsikker fairness``: what the plan means for groups, whether barred facts show, drift."""

from dataclasses import asdict

from matcher.analysis.fairness import (
    DriftAlarm,
    GroupOutcome,
    ProxyFinding,
    audit_proxies,
    build_person_outcomes,
    detect_drift,
    summarise_groups,
)
from matcher.cli.loaded_plan import load_plan
from matcher.cli.sentences import texts
from matcher.cli.shared import (
    DataArgument,
    JsonOption,
    LanguageOption,
    PlanOption,
    PlanPolicyOption,
    UsageError,
    print_json,
    print_line,
    print_table,
    show_step,
)
from matcher.texts import Language, format_number

COLUMNS = ("group", "persons", "placed", "stay", "worst_off", "waited", "kilometres", "remote")
SMALL_COUNT = "<5"


def run(
    data: DataArgument,
    plan: PlanOption = None,
    policy: PlanPolicyOption = None,
    as_json: JsonOption = False,
    language: LanguageOption = "nb",
) -> None:
    """Show what the plan means for each group, whether barred facts predict it, and drift."""
    loaded = load_plan(data, plan, policy, language)
    if loaded.choice is None:
        raise UsageError(f"there is no plan in {data / 'plan'}; run treffsikker plan {data} first")
    problem, choice = loaded.problem, loaded.choice
    with show_step(texts(language)["step.fairness"]):
        persons = build_person_outcomes(problem, choice)
        results = (
            summarise_groups(persons),
            audit_proxies(problem, choice, persons),
            detect_drift(problem, persons),
        )
    if as_json:
        print_json({**_facts(*results), **loaded.note_facts})
        return
    for note in loaded.note_sentences(language):
        print_line(note)
    _print(*results, language)


def _facts(
    by_group: tuple[GroupOutcome, ...],
    findings: tuple[ProxyFinding, ...],
    drift_alarms: tuple[DriftAlarm, ...],
) -> dict[str, object]:
    return {
        "groups": [asdict(g) for g in by_group],
        "audit": [{**asdict(f), "alarm": f.is_alarm} for f in findings],
        "alarms": [asdict(a) for a in drift_alarms],
    }


def _print(
    by_group: tuple[GroupOutcome, ...],
    findings: tuple[ProxyFinding, ...],
    drift_alarms: tuple[DriftAlarm, ...],
    language: Language,
) -> None:
    words = texts(language)
    columns = [words[f"fairness.column.{name}"] for name in COLUMNS]
    rows = [_row(group, language) for group in by_group]
    print_table(columns, rows, right=frozenset(range(1, len(COLUMNS))))
    for line in ("", words["fairness.hidden"], "", words["fairness.audit"]):
        print_line(line)
    for finding in findings:
        print_line(f"  {_finding(finding, language)}")
    for line in ("", words["fairness.alarms" if drift_alarms else "fairness.no_alarms"]):
        print_line(line)
    for alarm in drift_alarms:
        print_line(f"  {_alarm(alarm, language)}")


def _row(group: GroupOutcome, language: Language) -> list[str]:
    words = texts(language)
    name = words[f"fairness.dimension.{group.dimension}"]
    level = words.get(f"fairness.level.{group.level}", group.level)
    title = f"{name}: {level}" if level else name
    if group.persons is None:
        return [title, SMALL_COUNT, *([""] * (len(COLUMNS) - 2))]
    return [
        title,
        format_number(group.persons, language),
        format_number(group.placed or 0, language),
        *(_cell(value, language) for value in (_percent(group.stay), _percent(group.worst_off))),
        *(_cell(value, language) for value in (group.waited, group.kilometres)),
        _cell(_percent(group.remote), language),
    ]


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _cell(value: float | None, language: Language) -> str:
    return "" if value is None else format_number(value, language)


def _finding(finding: ProxyFinding, language: Language) -> str:
    words = texts(language)
    return words["fairness.alarm" if finding.is_alarm else "fairness.finding"].format(
        fact=words[f"fairness.dimension.{finding.fact}"],
        outcome=words[f"fairness.outcome.{finding.outcome}"],
        explained=format_number(100 * finding.explained, language, 1),
        by_chance=format_number(100 * finding.by_chance, language, 1),
        chance=format_number(finding.chance, language, 3),
    )


def _alarm(alarm: DriftAlarm, language: Language) -> str:
    words = texts(language)
    what = words[f"fairness.dimension.{alarm.what}"] if alarm.what else ""
    share = format_number(100 * alarm.share, language)
    return words[f"fairness.drift.{alarm.kind}"].format(what=what, share=share)
