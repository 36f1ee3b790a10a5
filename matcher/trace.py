"""The trace of a proposal: what the caseworker was shown, stored so that it can be shown again."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from matcher.ranking import Option, Ranking
from matcher.shapes import Fact, Reason
from matcher.verdicts import Verdict

SHOWN = 10
"""Number of best options in a trace, by default."""


@dataclass(frozen=True, slots=True)
class Cause:
    """The reason of a rule or term, as a code with facts; sentences are built when it is read.

    Parameters
    ----------
    of : str
        Identifier of the rule or term.
    code : str
        Identifies a text in every language.
    facts : mapping of str to str, int or float
        Values for the text's placeholders.
    protects : bool
        Whether the rule protects people from harm, so that it cannot be overridden.
    """

    of: str
    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    protects: bool = False

    @property
    def reason(self) -> Reason:
        """The reason, ready to be rendered."""
        return Reason(self.code, self.facts)


@dataclass(frozen=True, slots=True)
class TracedOption:
    """A municipality as it was shown; see :class:`~matcher.ranking.Option` for the numbers.

    Parameters
    ----------
    broken, cautions, reasons : tuple of Cause
        Rules that bar the municipality, rules that were not sure, and the reasons for the points.
    in_its_way : tuple of str or None
        Households of the plan each of which would alone make room; None when there was room.
    """

    municipality: str
    name: str
    county: str
    allowed: bool
    rank: int
    own_rank: int | None
    points: float
    net: float
    by_term: Mapping[str, float]
    dispersion: Mapping[str, float]
    cost: Mapping[str, float]
    stay: float
    stay_low: float | None
    stay_high: float | None
    open_places: int
    left: int | None
    earliest: date
    broken: tuple[Cause, ...] = ()
    cautions: tuple[Cause, ...] = ()
    reasons: tuple[Cause, ...] = ()
    in_its_way: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """What was known and shown when a household was proposed.

    Parameters
    ----------
    household, municipality : str
        Who was proposed, linked households as ``A+B``, and where.
    day : date
        The day for which the options were computed.
    run : str or None
        The night whose plan and prices were in force; None when no night was complete, so that
        no options were shown.
    policy, stay_model : mapping of str to str
        Name and hash.
    versions : mapping of str to str
        Versions of the program and its libraries.
    suggested : str or None
        Municipality that the plan suggests, else the best option; None when all are barred.
    priced : bool
        Whether prices were used.
    considered, allowed : int
        Number of municipalities, and number of those that every rule allowed.
    barred : mapping of str to int
        Number of municipalities barred by each rule.
    options : tuple of TracedOption
        The best options, and always the one proposed and the one suggested.
    """

    household: str
    municipality: str
    day: date
    run: str | None = None
    policy: Mapping[str, str] = field(default_factory=dict)
    stay_model: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    suggested: str | None = None
    priced: bool = False
    considered: int = 0
    allowed: int = 0
    barred: Mapping[str, int] = field(default_factory=dict)
    options: tuple[TracedOption, ...] = ()

    def option(self, municipality: str | None) -> TracedOption | None:
        """Return the option of a municipality; None when it was not shown."""
        return next((o for o in self.options if o.municipality == municipality), None)

    @property
    def price(self) -> float | None:
        """Points for everyone lost by not proposing the suggested municipality; None if unknown."""
        suggested, proposed = self.option(self.suggested), self.option(self.municipality)
        return None if suggested is None or proposed is None else suggested.net - proposed.net


def trace_of(
    ranking: Ranking,
    municipality: str,
    *,
    run: str,
    stay_model: Mapping[str, str],
    versions: Mapping[str, str],
    shown: int = SHOWN,
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
    shown : int
        Number of best options in the trace.
    """
    problem = ranking.verdicts.problem
    suggested = ranking.planned or next((o.municipality for o in ranking.allowed), None)
    numbers = {o.municipality for o in ranking.options[:shown]} | {municipality, suggested}
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
    return (verdict.rule for verdict in ranking.broken(option))


def _traced(ranking: Ranking, option: Option) -> TracedOption:
    plain = {name: getattr(option, name) for name in Option.__slots__}
    displaced = ranking.displaced(option)
    return TracedOption(
        **plain,
        net=option.net,
        broken=_causes(ranking, ranking.broken(option)),
        cautions=_causes(ranking, ranking.cautions(option)),
        reasons=tuple(
            Cause(term, reason.code, reason.facts)
            for term, reason in ranking.reasons(option).items()
        ),
        in_its_way=None if displaced is None else displaced.one_of,
    )


def _causes(ranking: Ranking, verdicts: Iterable[Verdict]) -> tuple[Cause, ...]:
    rules = ranking.verdicts.problem.selection.pair_rules
    protecting = {rule.id for rule in rules if rule.protects}
    return tuple(
        Cause(v.rule, v.reason.code, v.reason.facts, v.rule in protecting) for v in verdicts
    )
