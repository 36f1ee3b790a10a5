"""The endpoint that shows a decision: what was known and shown when a household was proposed."""

from collections.abc import Iterable, Mapping
from typing import Annotated

from fastapi import APIRouter, Path

from api.access.disclosure import Disclosure, discloses
from api.access.guard import allow
from api.access.principal import Principal
from api.dependencies import StoreDep
from api.events import EventRecord
from api.problems import GONE_ERRORS, ITEM_ERRORS
from api.proposals.decision_schemas import (
    Decision,
    DecisionOption,
    DecisionOverride,
    DecisionReason,
)
from api.schemas import BilingualText
from matcher.domain.roles import Role
from matcher.domain.trace import Trace, TracedOption, TracedReason
from matcher.policy.reason_texts import render_reason, rule_title
from matcher.store import traces
from matcher.store.events import Event
from matcher.texts import Language, format_number, texts_in

router = APIRouter(prefix="/api/v1/decisions", tags=["proposals"])


@router.get("/{event}", responses=ITEM_ERRORS | GONE_ERRORS)
def get_decision(
    event: Annotated[int, Path(ge=1, le=10**15, description="The event that proposed.")],
    store: StoreDep,
    principal: Principal = allow(Role.CASEWORKER, Role.AUDITOR),
    disclosure: Disclosure = discloses(),
) -> Decision:
    """Show what was known and shown when a household was proposed, in Norwegian and English.

    Sentences are built from stored codes and facts. 410 when the trace has been erased.
    """
    proposed, trace = traces.get_decision(store, event)
    decision = describe_decision(proposed, trace or _empty_trace(proposed))
    disclosure.record(decision)
    return decision


def describe_decision(event: Event, trace: Trace) -> Decision:
    """Build the description of a decision from its event and trace."""
    trace_fields = {name: getattr(trace, name) for name in Trace.__slots__ if name != "options"}
    against = event.facts.get("overrides", [])
    return Decision(
        **trace_fields,
        event=EventRecord.model_validate(event),
        summary=BilingualText(nb=_summary(trace, "nb"), en=_summary(trace, "en")),
        override=(
            DecisionOverride(against=against, reason=event.reason, points=trace.points_lost)
            if against
            else None
        ),
        options=[_option(option) for option in trace.options],
    )


def _empty_trace(event: Event) -> Trace:
    return Trace(event.household or "", event.municipality or "", event.day)


def _option(option: TracedOption) -> DecisionOption:
    return DecisionOption(
        **option.values(),
        broken=[_cause(cause) for cause in option.broken],
        cautions=[_cause(cause) for cause in option.cautions],
        reasons=[_cause(cause) for cause in option.reasons],
        in_its_way=None if option.in_its_way is None else list(option.in_its_way),
    )


def _cause(cause: TracedReason) -> DecisionReason:
    return DecisionReason(
        of=cause.of,
        title=BilingualText(nb=_title(cause.of, "nb"), en=_title(cause.of, "en")),
        code=cause.code,
        facts=dict(cause.facts),
        sentence=BilingualText(nb=_sentence(cause, "nb"), en=_sentence(cause, "en")),
        protects=cause.protects,
    )


def _title(rule: str, language: Language) -> str:
    try:
        return rule_title(rule, language)
    except KeyError:
        return rule


def _sentence(cause: TracedReason, language: Language) -> str:
    """Return the sentence; the code and its facts if the rule of that day no longer exists."""
    try:
        return render_reason(cause.reason, language)
    except KeyError:
        return f"{cause.code} {_facts_text(cause.facts)}".strip()


def _facts_text(facts: Mapping[str, object]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in facts.items())


def _summary(trace: Trace, language: Language) -> str:
    return " ".join(_sentences(trace, language))


def _sentences(trace: Trace, language: Language) -> Iterable[str]:
    texts = texts_in(language, "api.proposals", "decision_texts.toml")
    facts = {
        "household": trace.household,
        "municipality": trace.municipality,
        "suggested": trace.suggested,
    }
    if trace.run is None:
        yield texts["no_night"].format(**facts)
        return
    if trace.suggested is None:
        yield texts["unsuggested"].format(**facts)
    elif trace.suggested == trace.municipality:
        yield texts["as_suggested"].format(**facts)
    else:
        yield texts["otherwise"].format(**facts)
        if trace.points_lost is not None:
            yield texts["price"].format(points=format_number(trace.points_lost, language))
