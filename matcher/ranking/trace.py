"""The trace of a proposal: what the caseworker was shown, stored so that it can be shown again."""

from collections import Counter
from collections.abc import Iterable, Mapping

from matcher.domain.option import Option
from matcher.domain.trace import Trace, TracedOption, TracedReason
from matcher.ranking.rank import Ranking
from matcher.ranking.rule_checks import RuleVerdict

MAX_TRACED_OPTIONS = 10
"""Number of best options in a trace, by default."""


def build_trace(
    ranking: Ranking,
    municipality: str,
    *,
    run: str,
    stay_model: Mapping[str, str],
    versions: Mapping[str, str],
    max_options: int = MAX_TRACED_OPTIONS,
) -> Trace:
    """Build the trace of proposing a household to a municipality.

    Parameters
    ----------
    ranking : Ranking
        All options of the household, as they were shown.
    municipality : str
        Four-digit number of the proposed municipality.
    run : str
        The night whose plan and prices the ranking rests on.
    stay_model, versions : mapping of str to str
        See :class:`Trace`.
    max_options : int
        Number of best options in the trace.
    """
    problem = ranking.rule_checks.problem
    suggested = ranking.planned_municipality or next(
        (o.municipality for o in ranking.allowed), None
    )
    numbers = {o.municipality for o in ranking.options[:max_options]} | {municipality, suggested}
    broken = Counter(rule for o in ranking if not o.allowed for rule in _rules(ranking, o))
    return Trace(
        household=ranking.household,
        municipality=municipality,
        day=problem.instance.today,
        run=run,
        policy={"name": problem.policy.name, "hash": problem.policy.hash},
        stay_model=stay_model,
        versions=versions,
        suggested=suggested,
        priced=ranking.priced,
        considered=len(ranking),
        allowed=len(ranking.allowed),
        barred=dict(broken),
        options=tuple(_traced(ranking, o) for o in ranking if o.municipality in numbers),
    )


def _rules(ranking: Ranking, option: Option) -> Iterable[str]:
    return (verdict.rule for verdict in ranking.broken_rules(option))


def _traced(ranking: Ranking, option: Option) -> TracedOption:
    displaced = ranking.displaced(option)
    return TracedOption(
        **option.values(),
        broken=_causes(ranking, ranking.broken_rules(option)),
        cautions=_causes(ranking, ranking.cautions(option)),
        reasons=tuple(
            TracedReason(term, reason.code, reason.facts)
            for term, reason in ranking.reasons(option).items()
        ),
        in_its_way=None if displaced is None else displaced.one_of,
    )


def _causes(ranking: Ranking, verdicts: Iterable[RuleVerdict]) -> tuple[TracedReason, ...]:
    rules = ranking.rule_checks.problem.selection.pair_rules
    protecting = {rule.id for rule in rules if rule.protects}
    return tuple(
        TracedReason(v.rule, v.reason.code, v.reason.facts, v.rule in protecting) for v in verdicts
    )
