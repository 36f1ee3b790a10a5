"""``treffsikker rules``: list the rules and terms of a policy."""

from collections.abc import Mapping
from typing import Any

from matcher.cli.sentences import texts
from matcher.cli.shared import (
    JsonOption,
    LanguageOption,
    PolicyOption,
    print_json,
    print_line,
    print_table,
)
from matcher.policy.catalogue import CatalogueEntry, load_catalogue
from matcher.policy.policy import NOT_YET_DECIDED, Policy
from matcher.texts import Language


def run(
    policy: PolicyOption = "default",
    as_json: JsonOption = False,
    language: LanguageOption = "nb",
) -> None:
    """List every rule and term: whether it is on, its parameters, what it says, its source."""
    chosen = Policy.read(policy)
    rows = [_facts(e, chosen, language) for e in load_catalogue().entries.values()]
    if as_json:
        print_json({"policy": chosen.name, "hash": chosen.hash, "rules": rows})
        return
    words = texts(language)
    by = words["rules_proposed"] if chosen.decided_by == NOT_YET_DECIDED else chosen.decided_by
    facts = {"name": chosen.name, "version": chosen.version, "decided_by": by}
    print_line(words["rules_policy"].format(**facts))
    for section in ("rules", "terms"):
        print_line()
        columns = [words[f"rules_{section}"], *words["rules_columns"].split(", ")]
        print_table(columns, [_row(r, language) for r in rows if r["section"] == section])


def _facts(entry: CatalogueEntry, policy: Policy, language: Language) -> Mapping[str, Any]:
    applied = getattr(policy, entry.section)
    return {
        "id": entry.id,
        "section": entry.section,
        "title": entry.title(language),
        "sentence": entry.sentence(language),
        "on": entry.id in applied,
        "parameters": dict(applied.get(entry.id, {})),
        "source": entry.rule_type.source,
    }


def _row(facts: Mapping[str, Any], language: Language) -> list[str]:
    on = texts(language)["yes" if facts["on"] else "no"]
    parameters = ", ".join(f"{k}={v}" for k, v in facts["parameters"].items())
    return [facts["id"], on, facts["sentence"], parameters, facts["source"]]
