"""``treffsikker compare``: two plans side by side."""

from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.shared import (
    AsJson,
    PolicyOption,
    load,
    print_json,
    print_table,
    say,
)
from matcher.compare import Change, changes, compare
from matcher.domain import Plan
from matcher.store import read_plan
from matcher.store.results import read_result

SHOWN = 20


def run(
    first: Annotated[Path, typer.Argument(help="A plan: its folder or its file.")],
    second: Annotated[Path, typer.Argument(help="Another plan.")],
    data: Annotated[
        Path | None,
        typer.Option("--data", help="Tonight's files, to measure both plans."),
    ] = None,
    policy: PolicyOption = "default",
    as_json: AsJson = False,
) -> None:
    """Compare two plans: who is placed elsewhere, and what each brings."""
    one, other = _plan(first), _plan(second)
    differing = changes(one, other)
    frame = None if data is None else compare(load(data, policy), one, other).to_frame()
    if as_json:
        rows = None if frame is None else frame.to_dict(orient="records")
        print_json({"changes": [_facts(c) for c in differing], "measures": rows})
        return
    if frame is not None:
        cells = [[str(r[0]), *(f"{v:,.1f}" for v in r[1:])] for r in frame.itertuples(index=False)]
        print_table(list(frame.columns), cells, right=frozenset({1, 2, 3}))
        say()
    kinds = {k: sum(c.kind == k for c in differing) for k in ("moved", "placed", "left out")}
    say(
        f"{len(differing)} households differ: {kinds['moved']} moved, {kinds['placed']} placed "
        f"only in the second, {kinds['left out']} only in the first."
    )
    table = [[c.household, c.first or "-", c.second or "-"] for c in differing[:SHOWN]]
    if table:
        print_table(["household", "first", "second"], table)
    if len(differing) > SHOWN:
        say(f"… and {len(differing) - SHOWN} more; --json lists all.")


def _plan(path: Path) -> Plan:
    return read_result(path).plan if path.is_dir() else read_plan(path)


def _facts(change: Change) -> dict[str, str | None]:
    return {
        "household": change.household,
        "kind": change.kind,
        "first": change.first,
        "second": change.second,
    }
