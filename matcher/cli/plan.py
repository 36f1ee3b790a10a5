"""``treffsikker plan``: place the queue."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.shared import (
    AsJson,
    Data,
    ExitCode,
    LanguageOption,
    PolicyOption,
    console_error,
    following,
    load,
    print_json,
    say,
    step,
)
from matcher.problem import Problem
from matcher.report import html
from matcher.solve import BACKENDS, DEFAULT_BACKEND, Result, Stop, price, solve
from matcher.solve.export import write_model
from matcher.store.results import result_facts, write_result
from matcher.store.writing import Format
from matcher.summary import summary
from matcher.texts import Language


def run(
    data: Data,
    policy: PolicyOption = "default",
    seconds: Annotated[float, typer.Option("--seconds", help="Time limit.")] = 60.0,
    gap: Annotated[float, typer.Option("--gap", help="Good enough, in per cent.")] = 0.1,
    backend: Annotated[
        str, typer.Option("--backend", help=f"One of {', '.join(BACKENDS)}.")
    ] = DEFAULT_BACKEND,
    seed: Annotated[int, typer.Option("--seed", help="Same seed, same plan.")] = 1,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for the plan; DATA/plan unless given.")
    ] = None,
    file_format: Annotated[
        Format, typer.Option("--format", help="Of the plan: csv, xlsx or parquet.")
    ] = "csv",
    language: LanguageOption = "nb",
    write_lp: Annotated[
        Path | None, typer.Option("--write-lp", help="Also write the model, .lp or .mps.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Place the queue: a plan that keeps every hard rule, with its gap, prices and a report."""
    problem = load(data, policy)
    if write_lp is not None:
        with step(f"Writing {write_lp}"):
            write_model(problem, write_lp)
    with following("Placing") as follow:
        stop = Stop(seconds=seconds, gap=gap / 100)
        result = solve(problem, backend=backend, seed=seed, stop=stop, progress=follow)
    if result.plan is None:
        console_error(f"No plan within {seconds:g} seconds. Give more time with --seconds.")
        raise typer.Exit(ExitCode.NO_PLAN)
    with step("Pricing places"):
        assert result.choice is not None
        result = replace(result, prices=price(problem, result.choice))
    folder = _write(problem, result, out or data / "plan", file_format, language)
    if as_json:
        print_json({**result_facts(problem, result), "folder": str(folder)})
        return
    say(summary(problem, result, language))
    say()
    say(f"Plan: {folder / f'plan.{file_format}'}   Report: {folder / 'report.html'}")
    first = str(problem.instance.households[0].id)
    say(f"Next: open the report; treffsikker rank {data} --household {first}")


def _write(
    problem: Problem, result: Result, folder: Path, file_format: Format, language: Language
) -> Path:
    with step(f"Writing {folder}"):
        write_result(folder, problem, result, file_format)
        page = html(problem, result, language=language)
        (folder / "report.html").write_text(page, encoding="utf-8")
    return folder
