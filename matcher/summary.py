"""A result in a few lines that a person can read."""

from matcher.compare import measure
from matcher.problem import Problem
from matcher.program import UNPLACED
from matcher.solve import Result
from matcher.texts import Language, title

WORDS = {
    "nb": {
        "placed": "{placed} av {all} personer har fått plass ({units} av {queue} husstander); "
        "uten plass: {unplaced}.",
        "proved": "Ingen plan kan gi plass til flere, og høyst {gap:.2f} % flere poeng er mulig.",
        "gap": "Ikke bevist ferdig: høyst {gap:.2f} % flere poeng er mulig ({level1:.2f} % flere "
        "med plass).",
        "unproved": "Uten bevis: metoden sier ikke hvor god planen er.",
        "means": "Ventet å bli boende: {stayers:.0f} personer. Innflytting om {days:.0f} dager i "
        "gjennomsnitt.",
        "time": "{backend}, {seconds:.1f} sekunder, policy {policy}.",
        "points": "Poeng",
    },
    "en": {
        "placed": "{placed} of {all} persons are placed ({units} of {queue} households); "
        "not placed: {unplaced}.",
        "proved": "No plan can place more, and at most {gap:.2f} % more points are possible.",
        "gap": "Not proved to the end: at most {gap:.2f} % more points are possible "
        "({level1:.2f} % more placed).",
        "unproved": "Without proof: the method does not say how good the plan is.",
        "means": "Expected stayers: {stayers:.0f} persons. Moving in within {days:.0f} days on "
        "average.",
        "time": "{backend}, {seconds:.1f} seconds, policy {policy}.",
        "points": "Points",
    },
}


def summary(problem: Problem, result: Result, language: Language = "nb") -> str:
    """Write what a result places, what is proved, and its points by term.

    Parameters
    ----------
    problem : Problem
    result : Result
        With a plan.
    language : "nb" or "en"

    Raises
    ------
    ValueError
        When the result has no plan.
    """
    if result.choice is None or result.score is None:
        raise ValueError("a result without a plan has no summary")
    words, m = WORDS[language], measure(problem, result.choice)
    gaps = [100 * (level.gap or 0.0) for level in result.levels]
    facts = {
        "placed": m.placed,
        "unplaced": m.unplaced,
        "all": m.placed + m.unplaced,
        "units": int((result.choice != UNPLACED).sum()),
        "queue": len(problem.households),
        "gap": gaps[-1],
        "level1": gaps[0],
        "stayers": m.stayers,
        "days": m.days,
        "backend": result.backend,
        "seconds": result.seconds,
        "policy": result.policy,
    }
    lines = [words[k].format(**facts) for k in ("placed", result.outcome, "means", "time")]
    width = max(len(title(t, language)) for t in m.terms)
    points = [f"  {title(t, language):<{width}} {v:>12,.0f}" for t, v in m.terms.items()]
    return "\n".join([*lines, f"{words['points']}:", *points])
