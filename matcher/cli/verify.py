"""``treffsikker verify``: check a saved plan again from the files."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import typer

from matcher.cli.sentences import texts
from matcher.cli.shared import (
    DataArgument,
    ExitCode,
    JsonOption,
    LanguageOption,
    PlanOption,
    PlanPolicyOption,
    UsageError,
    load_problem,
    print_json,
    print_line,
    show_step,
)
from matcher.policy.policy import Policy
from matcher.policy.reason_texts import rule_title
from matcher.problem.verify.price_bound import PriceRow
from matcher.problem.verify.verify import PlanVerification, VerificationFinding, verify_plan
from matcher.report.results import SavedResult, find_data_folder, read_result
from matcher.texts import Language, format_number

MAX_ROWS = 20
MARKS = {True: "verify.yes", False: "verify.no", None: "verify.unknown"}


def run(
    data: DataArgument,
    plan: PlanOption = None,
    policy: PlanPolicyOption = None,
    as_json: JsonOption = False,
    language: LanguageOption = "nb",
) -> None:
    """Check a plan again from the files: rules, value, hashes, and the bound from its prices.

    DATA can also be the folder of a plan, which records the files that it was made from.
    """
    made_of = find_data_folder(data) if plan is None else None
    plan, data = (plan or data / "plan", data) if made_of is None else (data, made_of)
    saved = read_result(plan)
    problem = load_problem(data, policy or _policy(saved), language)
    with show_step(texts(language)["step.verifying"]):
        checked = verify_plan(problem, saved.plan, saved.facts, _rows(saved.prices))
    if as_json:
        print_json({"agrees": checked.agrees, "findings": [_facts(f) for f in checked.findings]})
    else:
        _print(checked, language)
    raise typer.Exit(ExitCode.OK if checked.agrees else ExitCode.FAULTS)


def _policy(saved: SavedResult) -> Policy:
    try:
        return saved.policy
    except (KeyError, TypeError, AttributeError) as error:
        raise UsageError("the policy saved with the plan is damaged; name it: --policy") from error


def _rows(prices: pd.DataFrame | None) -> list[PriceRow] | None:
    """Return the rows of saved prices; a cell that is not a number becomes -1 or NaN."""
    if prices is None:
        return None
    frame = prices.reindex(columns=["rule", "group", "layer", "price"])
    numbers = frame[["group", "layer"]].apply(pd.to_numeric, errors="coerce")
    places = numbers.fillna(-1).astype("int64")
    price = pd.to_numeric(frame["price"], errors="coerce").astype("float64")
    columns = (frame["rule"].astype(str), places["group"], places["layer"], price)
    return list(zip(*(c.tolist() for c in columns), strict=True))


def _facts(finding: VerificationFinding) -> dict[str, Any]:
    return {"code": finding.code, "agrees": finding.agrees, **finding.facts}


def _print(checked: PlanVerification, language: Language) -> None:
    words = texts(language)
    for finding in checked.findings:
        sentence = words[f"verify.{finding.code}"].format(**_format_facts(finding.facts, language))
        print_line(f"{words[MARKS[finding.agrees]]:<5} {sentence}")
        broken = finding.facts.get("broken", ())
        for violation in broken[:MAX_ROWS]:
            print_line(f"        {rule_title(violation['rule'], language)}: {violation['who']}")
        if len(broken) > MAX_ROWS:
            print_line("        " + words["verify.more"].format(count=len(broken) - MAX_ROWS))
    print_line()
    print_line(words["verify.agrees" if checked.agrees else "verify.disagrees"])


def _format_facts(facts: Mapping[str, Any], language: Language) -> dict[str, str]:
    return {name: _format_fact(name, value, language) for name, value in facts.items()}


def _format_fact(name: str, value: Any, language: Language) -> str:
    """Write a fact: a gap as per cent, a number with separators, a list by its first items."""
    if isinstance(value, list):
        items = [str(v) for v in value[:MAX_ROWS] if not isinstance(v, dict)]
        return ", ".join(items + ["…"] * (len(value) > MAX_ROWS))
    if value is None:
        return texts(language)["verify.nothing"]
    if isinstance(value, float):
        gap = name in ("gap", "stated_gap")
        return (
            f"{format_number(100 * value, language, 3)} %"
            if gap
            else format_number(value, language, 3)
        )
    return str(value)
