"""``treffsikker rules``: the rule book of a policy."""

from matcher.catalogue import Entry, catalogue
from matcher.cli.shared import (
    AsJson,
    LanguageOption,
    PolicyOption,
    print_json,
    print_table,
    say,
)
from matcher.policy import Policy
from matcher.texts import Language


def run(
    policy: PolicyOption = "default",
    as_json: AsJson = False,
    language: LanguageOption = "nb",
) -> None:
    """List every rule and term: whether it is on, its parameters, what it says, its source."""
    chosen = Policy.read(policy)
    rows = [_facts(e, chosen, language) for e in catalogue().entries.values()]
    if as_json:
        print_json({"policy": chosen.name, "hash": chosen.hash, "rules": rows})
        return
    say(f"{chosen.name}, version {chosen.version}: {chosen.decided_by}")
    for section in ("rules", "terms"):
        say()
        mine = [r for r in rows if r["section"] == section]
        columns = ["id", "on", "sentence", "parameters", "source"]
        print_table([section, *columns[1:]], [[str(r[c]) for c in columns] for r in mine])


def _facts(entry: Entry, policy: Policy, language: Language) -> dict[str, object]:
    applied = getattr(policy, entry.section)
    parameters = applied.get(entry.id, {})
    return {
        "id": entry.id,
        "section": entry.section,
        "title": entry.title(language),
        "sentence": entry.sentence(language),
        "on": "yes" if entry.id in applied else "no",
        "parameters": ", ".join(f"{k}={v}" for k, v in parameters.items()),
        "source": entry.shape.source,
    }
