"""The model card: form, data, quality and limits of a fitted model."""

from collections.abc import Iterable, Iterator

from matcher.stay.fitting.coding import SETTLEMENT_YEAR
from matcher.stay.fitting.evaluation import CalibrationGroup, Evaluation
from matcher.stay.fitting.matching_gains import MatchingGains, estimates_by_name
from matcher.stay.fitting.model_files import hash_model
from matcher.stay.fitting.models import BoostedModel, FittedModel, HazardModel, LinearPredictorModel
from matcher.stay.fitting.register import Register
from matcher.stay.model import NORMAL_95

METHOD_DESCRIPTIONS = {
    "linear": "linear probability model (least squares), the form of Fafo 2025:14, table 4",
    "logit": "logistic regression",
    "hazard": "discrete-time hazard: logistic regression on person-years, each year its effect",
    "boosting": "gradient boosting: small trees, grown by scikit-learn, kept as plain numbers",
}
LIMITS = """## What it is not

- **Not causes.** It describes who moved, where, in the years it was fitted on.
- **Not about one person.** Intervals, where there are any, are of means.
- **Not about kinds it has not seen.** A level that nobody in the data had counts as an average.
- **Not for deciding by who someone is.** Only differences between municipalities reach a plan; sex,
  age, origin and ground never decide where anyone goes.
- **Not a gain of matching by itself.** What a plan promises by the model that made it is too much;
  quote the doubly robust estimate on held-out persons, if anything.
"""


def render_model_card(
    model: FittedModel,
    fitted_on: Register,
    evaluation: Evaluation,
    judged_on: Register,
    gains: MatchingGains | None = None,
) -> str:
    """Write the card of a model, as Markdown.

    Parameters
    ----------
    model : FittedModel
        The fitted model.
    fitted_on, judged_on : Register
        Persons that the model was fitted on, and other persons that it was judged on.
    evaluation : Evaluation
        Quality on the persons it was judged on.
    gains : MatchingGains or None
        Estimated gain of a placement by such a model, or None.
    """
    parts = [
        *_head(model, fitted_on, judged_on),
        *_quality(evaluation),
        *_calibration("## Calibration by tenth of the prediction", evaluation.bins),
        *_calibration("## Calibration by group", evaluation.groups),
        *(_gains(gains) if gains else ()),
        *_effects(model),
        LIMITS,
    ]
    return "\n".join(parts)


def _head(model: FittedModel, fitted_on: Register, judged_on: Register) -> Iterator[str]:
    yield from (f"# Stay model: {model.method}, {model.horizon} years", "")
    yield f"- Form: {METHOD_DESCRIPTIONS[model.method]}."
    yield f"- Says: the probability of having moved within {model.horizon} years of settlement."
    yield f"- Fitted on: {_persons(fitted_on)}."
    yield f"- Judged on: {_persons(judged_on)}, later cohorts that it has not seen."
    pairs = ", ".join(fitted_on.pair_effects) or "none"
    yield f"- Pair effects in the data: {pairs}."
    yield from (f"- Hash of its numbers: `{hash_model(model)[:16]}`.", "")


def _persons(register: Register) -> str:
    towns, (first, last) = register.people["municipality"].nunique(), register.settlement_range
    when = str(first) if first == last else f"{first}-{last}"
    return f"{len(register)} persons in {towns} municipalities, settled {when}"


def _quality(evaluation: Evaluation) -> Iterator[str]:
    yield from ("## How good it is on those it has not seen", "")
    rows = [
        ("persons judged on", f"{evaluation.persons}"),
        ("left out, as it is not known whether they moved in time", f"{evaluation.left_out}"),
        ("moved, per cent", f"{100 * evaluation.moved:.1f}"),
        ("predicted, per cent", f"{100 * evaluation.predicted:.1f}"),
        ("Brier score (squared error)", f"{evaluation.brier:.4f}"),
        ("the same, if everyone got the mean", f"{evaluation.brier_of_mean:.4f}"),
        ("logarithmic loss", f"{evaluation.log_loss:.4f}"),
        ("area under the curve (0.5 is chance)", f"{evaluation.auc:.3f}"),
        ("calibration slope (1 is well calibrated)", f"{evaluation.slope:.2f}"),
    ]
    yield from _table(("measure", "value"), rows)


def _calibration(title: str, groups: Iterable[CalibrationGroup]) -> Iterator[str]:
    yield from (title, "", "Per cent who moved; *off* where chance does not explain it (95 %).", "")
    head = ("group", "persons", "observed", "± 95 %", "predicted", "")
    yield from _table(head, (_row(g) for g in groups))


def _row(group: CalibrationGroup) -> tuple[str, ...]:
    return (
        f"{group.variable.replace('_', ' ')}: {group.level}",
        str(group.persons),
        f"{100 * group.observed:.1f}",
        f"{100 * NORMAL_95 * group.error:.1f}",
        f"{100 * group.predicted:.1f}",
        "off" if group.is_miscalibrated else "",
    )


def _gains(gains: MatchingGains) -> Iterator[str]:
    yield from ("## What matching by such a model would have gained", "")
    yield "Percentage points more who stay, with as many persons in each centrality class as came."
    yield from ("The first is what a model promises itself, and not to be believed.", "")
    rows = [
        (
            name.replace("_", " "),
            f"{100 * e.gain:+.1f}",
            f"{100 * e.interval[0]:+.1f}",
            f"{100 * e.interval[1]:+.1f}",
        )
        for name, e in estimates_by_name(gains).items()
    ]
    yield from _table(("estimate", "gain", "low", "high"), rows)


def _effects(model: FittedModel) -> Iterator[str]:
    if isinstance(model, BoostedModel):
        trees = len(model.trees.trees)
        yield from ("## Effects", "", f"{trees} trees have no effects to list.", "")
    if isinstance(model, LinearPredictorModel):
        yield from (
            "## Effects",
            "",
            f"On the {_scale(model)}; errors robust in municipalities.",
            "",
        )
        named = model.effects.by_name.items()
        rows = [(_name(*key), f"{v:+.4f}", f"{s:.4f}") for key, (v, s) in named]
        if isinstance(model, HazardModel):
            years = zip(model.by_year, model.by_year_errors, strict=True)
            rows += [(f"year {k}", f"{v:+.4f}", f"{s:.4f}") for k, (v, s) in enumerate(years, 1)]
        yield from _table(("effect", "value", "standard error"), rows)


def _scale(model: LinearPredictorModel) -> str:
    return {"linear": "probability of moving"}.get(model.method, "log odds of moving")


def _name(variable: str, level: str) -> str:
    word = "settled" if variable == SETTLEMENT_YEAR else variable.replace("_", " ")
    return f"{word}: {level}" if level else word


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for cells in (head, ("---",) * len(head), *rows):
        yield f"| {' | '.join(cells)} |"
    yield ""
