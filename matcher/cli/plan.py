"""``treffsikker plan``: place the queue."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.limits import probe, refuse
from matcher.cli.sentences import texts
from matcher.cli.shared import (
    AsJson,
    Data,
    LanguageOption,
    NoPlanError,
    PolicyOption,
    following,
    load,
    print_json,
    say,
    step,
)
from matcher.problem import Problem
from matcher.report import html
from matcher.solve import BACKENDS, DEFAULT_BACKEND, Result, Stop, Warm, price, solve
from matcher.solve.export import write_model
from matcher.store.results import read_result, result_facts, write_result
from matcher.store.warm import warm_start
from matcher.store.writing import Format
from matcher.summary import summary
from matcher.texts import Language

PRICING_SECONDS = (5.0, 60.0)
"""Shortest and longest time for pricing, in seconds; between them, what the solve left unused."""

Seconds = Annotated[float, typer.Option("--seconds", help="Time limit.")]
Gap = Annotated[float, typer.Option("--gap", help="Good enough, in per cent.")]
Backend = Annotated[str, typer.Option("--backend", help=f"One of {', '.join(BACKENDS)}.")]
Seed = Annotated[int, typer.Option("--seed", help="Same seed, same plan.")]
Out = Annotated[
    Path | None, typer.Option("--out", help="Folder for the plan; DATA/plan unless given.")
]
PlanFormat = Annotated[Format, typer.Option("--format", help="Of the plan: csv, xlsx or parquet.")]
ModelPath = Annotated[
    Path | None,
    typer.Option("--write-lp", help="Also write the model that was solved, .lp or .mps."),
]
From = Annotated[
    Path | None,
    typer.Option(
        "--from", help="Folder of an earlier plan to start from; as much of it as can is kept."
    ),
]
Dask = Annotated[
    str | None,
    typer.Option(
        "--dask",
        help="Work in blocks on a Dask cluster: its address, tcp://HOST:PORT, or local. Instead of "
        "a backend, for very large queues; seconds and gap do not apply.",
    ),
]


def run(
    data: Data,
    policy: PolicyOption = "default",
    seconds: Seconds = 60.0,
    gap: Gap = 0.1,
    backend: Backend = DEFAULT_BACKEND,
    seed: Seed = 1,
    out: Out = None,
    file_format: PlanFormat = "csv",
    language: LanguageOption = "nb",
    write_lp: ModelPath = None,
    earlier: From = None,
    dask: Dask = None,
    as_json: AsJson = False,
) -> None:
    """Place the queue: a plan that keeps every hard rule, with its gap, prices and a report."""
    refuse(seconds, gap, seed, write_lp, language)
    problem, folder = load(data, policy, language), out or data / "plan"
    for place in (folder, *(() if write_lp is None else (write_lp.parent,))):
        probe(place)
    stop = Stop(seconds=seconds, gap=gap / 100)
    warm = None if earlier is None else warm_start(read_result(earlier), problem)
    if dask is None:
        result = _solve(problem, backend, seed, stop, language, warm=warm)
    else:
        result = _solve_in_blocks(problem, dask, seed, language)
    _write(problem, result, folder, file_format, language, data)
    if write_lp is not None and result.choice is not None:
        with step(texts(language)["step.writing"].format(path=write_lp)):
            write_lp.parent.mkdir(parents=True, exist_ok=True)
            write_model(problem, result.choice, write_lp)
    if as_json:
        print_json({**result_facts(problem, result), "folder": str(folder)})
        return
    say(summary(problem, result, language))
    say()
    files = {"plan": folder / f"plan.{file_format}", "report": folder / "report.html"}
    say(texts(language)["plan_files"].format(**files))
    first = str(problem.instance.households[0].id)
    say(texts(language)["plan_next"].format(data=data, household=first))


def _solve(
    problem: Problem,
    backend: str,
    seed: int,
    stop: Stop,
    language: Language,
    *,
    warm: Warm | None,
) -> Result:
    """Solve within the time limit, and price the plan."""
    words = texts(language)
    with following(words["step.placing"]) as follow:
        result = solve(problem, backend=backend, seed=seed, stop=stop, progress=follow, warm=warm)
    if result.choice is None:
        raise NoPlanError(words["no_plan"].format(seconds=f"{stop.seconds:g}"))
    shortest, longest = PRICING_SECONDS
    pricing_seconds = min(longest, max(shortest, stop.seconds - result.seconds))
    with step(words["step.pricing"]):
        return replace(result, prices=price(problem, result.choice, seconds=pricing_seconds))


def _solve_in_blocks(problem: Problem, address: str, seed: int, language: Language) -> Result:
    """Solve in blocks on a cluster; the result has the prices of that solve."""
    from matcher.distributed.plan import InBlocks  # noqa: PLC0415  # Only --dask needs it.

    backend = InBlocks(address)
    with following(texts(language)["step.placing"]) as follow:
        result = solve(problem, backend=backend, seed=seed, progress=follow)
    return result if backend.found is None else replace(result, prices=backend.found.prices)


def _write(
    problem: Problem,
    result: Result,
    folder: Path,
    file_format: Format,
    language: Language,
    data: Path,
) -> None:
    with step(texts(language)["step.writing"].format(path=folder)):
        write_result(folder, problem, result, file_format, data)
        page = html(problem, result, language=language)
        (folder / "report.html").write_text(page, encoding="utf-8")
