"""Short sentences of the report: outcome of the night, policy, and proof of quality."""

from collections.abc import Mapping, Sequence

from matcher.policy.policy import NOT_YET_DECIDED, Policy
from matcher.report.key_figures import KeyFigures
from matcher.report.wording import Wording
from matcher.solve import Result
from matcher.stay import StayModel

PROVED_GAP = 1e-6
"""A smaller relative gap is only rounding of the solver: the plan is proved optimal."""


def lead_sentences(key: KeyFigures, causes: tuple[int, int], say: Wording) -> tuple[str, ...]:
    """Summarise the result for the queue in a few sentences.

    Parameters
    ----------
    key : KeyFigures
    causes : (int, int)
        Number of unplaced households whose possible places went to other households, and number of
        those that the rules bar from every municipality.
    say : Wording
    """
    households = say.count("household", key.households)
    if not key.households:
        return (say("lead.empty"),)
    if not key.unplaced_households:
        return (say("lead.all", households=households, persons=say.count("person", key.persons)),)
    outcome = "lead.some" if key.placed_households else "lead.none"
    placed = say.number(key.placed_households)
    counts = zip(("lead.taken", "lead.barred"), causes, strict=True)
    why = [say(text, count=say.count("household", n)) for text, n in counts if n]
    return (say(outcome, placed=placed, households=households), *why)


def policy_lines(policy: Policy, say: Wording) -> tuple[str, str]:
    """Return a line with the policy's name and version, and a line with who decided it."""
    key = "policy_name" if policy.version else "policy_no_version"
    name = say(f"head.{key}", name=policy.name, version=policy.version)
    if policy.decided_by == NOT_YET_DECIDED:
        return name, say("head.proposed")
    if not policy.decided_by:
        return name, say("head.undecided")
    if policy.decided_on is None:
        return name, say("head.decided_undated", who=policy.decided_by)
    return name, say("head.decided", who=policy.decided_by, day=say.day(policy.decided_on))


def proof_sentences(result: Result, say: Wording) -> tuple[tuple[str, str], ...]:
    """Describe in plain words, for both levels, how much better another plan can be."""
    gaps = [level.gap for level in result.levels]
    names = ("places", "quality")
    return tuple(
        (say(f"proof.{name}"), _proof(name, gap, say))
        for name, gap in zip(names, gaps, strict=False)
    )


def _proof(name: str, gap: float | None, say: Wording) -> str:
    if gap is None:
        return say(f"proof.{name}_unproved")
    if gap < PROVED_GAP:
        return say(f"proof.{name}_proved")
    return say(f"proof.{name}_gap", gap=say.at_most(gap))


def made_up_by_table(columns: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Group made-up columns, written ``table.column``, by table."""
    columns_of: dict[str, tuple[str, ...]] = {}
    for column in columns:
        table, _, name = column.rpartition(".")
        columns_of[table] = (*columns_of.get(table, ()), name)
    return columns_of


def made_up_tables_in_words(columns: Sequence[str], say: Wording) -> str:
    """List the tables with made-up columns by their everyday names."""
    return ", ".join(
        say.text_or_default(f"synthetic.tables.{table}", table)
        for table in made_up_by_table(columns)
    )


def horizon_years(model: StayModel) -> str:
    """Return the years of the stay model's horizon as text: ``7`` for ``7y``."""
    return str(model.horizon.value).removesuffix("y")
