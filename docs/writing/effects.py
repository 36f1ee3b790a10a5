"""The page of the pair effects, with a table of every effect."""

from collections.abc import Iterator
from typing import cast

from docs.writing.markdown import format_table
from matcher.policy.catalogue import CatalogueEntry, load_catalogue
from matcher.policy.pair_effect import PairEffect
from matcher.policy.policy import Policy

HEAD = """# Effects of the pair: who goes where

<!-- Written by `python -m docs.generate`; change docs/writing/effects.py, not this page. -->

The paper's model ([the stay model](stay-model.md)) adds up effects of persons and of
municipalities. Such a model cannot match: swap two households of one size between two
municipalities, and the expected number of stayers is the same. What makes one municipality
right for *this* household are effects of the pair. The report tells of them in words: families
who move because the teenager has no upper secondary school, patients far from a hospital,
people from the countryside who are glad to be back in it (Fafo 2025:14, chapters 2.3, 4.2, 4.3
and 6.4). Equation (10) becomes

```
P(i stays in j) = person_i + municipality_j + room_j * sum over effects e of  size_e * fit_eij
```

- **fit** says how well household and municipality go together, from −1 to 1. It is 0 where a
  fact of either is not known: nothing is guessed.
- **room** is the share of reference persons who move away from the municipality, 0 to 1. Where
  nearly everyone leaves, a good match has more to win than in Oslo (6.4). It is the
  municipality's own and the same for everyone, so that no one's sex, origin or ground reaches
  the objective through it.
- **size** is the share of those who would otherwise move whom a perfect fit keeps, or a misfit
  sends away. An effect of 0.10 in a municipality that half of all leave is 0.05.

An effect counts for every member of a household: those who move tend to move together.

## Every effect

"""
TAIL = """
All of them are **expert priors**: judged from interviews, by how often and how strongly people
gave a reason, since the report estimates none. The intervals are wide on purpose. Whoever has
register data should estimate them and write `size`, `low`, `high` and `basis = "estimated"`
into a policy.

Each is a term of its own ([rules and terms](../reference/rules.md)), with its section in the
policy. A section left out switches it off; a size of 0 keeps it in the list and counts nothing.
Its points are `1000 * persons * room * size * fit`. They stand by themselves in every ranking,
explanation and summary, with the facts: *Hospital follow-up, 20 minutes away: +0.02.* The
probability that is shown has all effects in it, and its interval their uncertainty. It is
clipped to 0–1 there, and never in the objective.

Where an operator's own model gives the probability of a pair, no effect is added: it has seen
the pair itself.

## What the facts are

"""
INVARIANCE = """## Sex, origin and ground decide nothing

No effect reads them, nor collective protection or the kind of household, and the room is the
same for everyone. A test changes them for some persons of random nights and demands the same
program, the same rankings and the same plans, to the bit (`tests/stay/test_invariance.py`). *A
community of one's language* is the one effect through which origin could come in by another
door. It is off in every policy of the project.

## Filling and matching

A gain in expected stayers over another plan is always told in three parts, each with its
interval; with none where an operator's own probabilities are part of it, as they come without one:

- **placing**: who and how many have a place at all,
- **filling**: which municipalities are filled, by the effects of the municipality. The interval
  covers the published coefficients, which err alike for all places of a kind, and what is not
  known of places,
- **matching**: who goes where, by the effects of the pair. The interval covers their sizes.

`treffsikker plan` tells it against today's practice (the longest waiting first, each to its
best open place), `treffsikker compare` for any two plans. Matching is an expectation under the
sizes above: if the effects are not there, neither is the gain. Tests hold that it is exactly
nothing without effects, and that outcomes drawn from a world without them show none but chance.

What it does to a plan's solving: units that were alike now differ by what they need, so there
are more classes of them ([decision 13](../decisions/0013-alike-units.md)), two to three times
as many.
"""


def effects_page() -> str:
    """Return the text of the page."""
    effects, facts = format_table(COLUMNS, map(_row, _effects())), format_table(FACT_COLUMNS, FACTS)
    return HEAD + "\n".join(effects) + TAIL + "\n".join([*facts, INVARIANCE])


FACT_COLUMNS = ("fact", "where it comes from", "when not known")
FACTS = (
    ("way to a hospital", "supplied, else estimated from coordinates", "no effect"),
    (
        "way to higher education",
        "estimated, to the nearest municipality that is known to offer it",
        "no effect where the municipality itself has not said",
    ),
    ("way to family", "estimated; none within the municipality itself", "no effect"),
    ("upper secondary school", "the National School Register", "no effect"),
    (
        "jobs by occupation, public transport, higher education",
        "an operator's; made up in synthetic queues, and named so in `made_up`",
        "no effect",
    ),
    (
        "continuity of settling",
        "an operator's; in no public file that the project has, so left open in synthetic queues",
        "no effect",
    ),
)
COLUMNS = ("id", "effect", "effekt", "size", "95 %", "basis", "source", "in the default policy")


def _effects() -> Iterator[CatalogueEntry]:
    for entry in load_catalogue().entries.values():
        if issubclass(entry.rule_type, PairEffect) and entry.rule_type.__module__.startswith(
            "matcher."
        ):
            yield entry


def _row(entry: CatalogueEntry) -> tuple[object, ...]:
    effect = cast(PairEffect, entry.rule_type())
    return (
        f"[`{entry.id}`](../reference/rules.md#{entry.id})",
        entry.sentence("en"),
        entry.sentence("nb"),
        f"{effect.size:.2f}",
        f"{effect.low:.2f} to {effect.high:.2f}",
        effect.basis,
        effect.source,
        "on" if entry.id in Policy.default().terms else "off",
    )
