"""``treffsikker plan``: place the queue."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from matcher.analysis.summary import summarize
from matcher.cli.sentences import texts
from matcher.cli.shared import (
    DataArgument,
    EffortOption,
    JsonOption,
    LanguageOption,
    PolicyOption,
    SolverParamsOption,
    check_solve_options,
    check_writable,
    load_problem,
    print_json,
    print_line,
    read_solver_params,
    show_progress,
    show_step,
)
from matcher.domain.errors import NoPlanError
from matcher.files.writing import FileFormat
from matcher.problem.problem import Problem
from matcher.report import html
from matcher.report.results import read_result, result_facts, write_result
from matcher.report.warm_start import warm_start
from matcher.solve.backends.registry import BACKENDS, DEFAULT_BACKEND
from matcher.solve.model_file import write_model
from matcher.solve.params.solver_params import SolverParams
from matcher.solve.result import Result
from matcher.solve.solver import price_places, pricing_limits, solve
from matcher.solve.stopping import StopCriteria
from matcher.solve.warm_start import WarmStart
from matcher.texts import Language

Seconds = Annotated[float, typer.Option("--seconds", help="Time limit.")]
Gap = Annotated[float, typer.Option("--gap", help="Good enough, in per cent.")]
Backend = Annotated[str, typer.Option("--backend", help=f"One of {', '.join(BACKENDS)}.")]
Seed = Annotated[int, typer.Option("--seed", help="Same seed, same plan.")]
Out = Annotated[
    Path | None, typer.Option("--out", help="Folder for the plan; DATA/plan unless given.")
]
PlanFormat = Annotated[
    FileFormat, typer.Option("--format", help="Of the plan: csv, xlsx or parquet.")
]
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
    data: DataArgument,
    policy: PolicyOption = "default",
    seconds: Seconds = 60.0,
    effort: EffortOption = None,
    gap: Gap = 0.1,
    backend: Backend = DEFAULT_BACKEND,
    seed: Seed = 1,
    out: Out = None,
    file_format: PlanFormat = "csv",
    language: LanguageOption = "nb",
    write_lp: ModelPath = None,
    earlier_plan: From = None,
    dask: Dask = None,
    solver_params: SolverParamsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Place the queue: a plan that keeps every hard rule, with its gap, prices and a report."""
    check_solve_options(seconds, gap, seed, write_lp, language, effort)
    params = read_solver_params(solver_params)
    problem, folder = load_problem(data, policy, language), out or data / "plan"
    for place in (folder, *(() if write_lp is None else (write_lp.parent,))):
        check_writable(place)
    stop = StopCriteria(seconds=seconds, gap=gap / 100, effort=effort)
    warm = _start(problem, earlier_plan)
    if dask is None:
        result = _solve(problem, backend, seed, stop, language, warm=warm, params=params)
    else:
        result = _solve_in_blocks(problem, dask, seed, language, params)
    _write(problem, result, folder, file_format, language, data)
    if write_lp is not None and result.choice is not None:
        with show_step(texts(language)["step.writing"].format(path=write_lp)):
            write_lp.parent.mkdir(parents=True, exist_ok=True)
            write_model(problem, result.choice, write_lp)
    if as_json:
        print_json({**result_facts(problem, result), "folder": str(folder)})
    else:
        plan_path = folder / f"plan.{file_format}"
        _print_summary(problem, result, plan_path, data, language)


def _start(problem: Problem, earlier_plan: Path | None) -> WarmStart | None:
    """Return the plan to start from: the one named, else what the files suggest, as at night."""
    if earlier_plan is None:
        return WarmStart.from_last_named(problem, problem.instance)
    return warm_start(read_result(earlier_plan), problem)


def _print_summary(
    problem: Problem, result: Result, plan_path: Path, data: Path, language: Language
) -> None:
    """Print what the plan is worth, where it lies, and what to do next."""
    print_line(summarize(problem, result, language))
    print_line()
    files = {"plan": plan_path, "report": plan_path.parent / "report.html"}
    print_line(texts(language)["plan_files"].format(**files))
    if problem.instance.households:
        first = problem.instance.households[0].id
        print_line(texts(language)["plan_next"].format(data=data, household=first))


def _solve(
    problem: Problem,
    backend: str,
    seed: int,
    stop: StopCriteria,
    language: Language,
    *,
    warm: WarmStart | None,
    params: SolverParams,
) -> Result:
    """Solve within the time limit, and price the plan."""
    words = texts(language)
    with show_progress(words["step.placing"]) as follow:
        result = solve(
            problem,
            backend=backend,
            seed=seed,
            stop=stop,
            progress=follow,
            warm=warm,
            params=params,
        )
    if result.choice is None:
        raise NoPlanError(words["no_plan"].format(seconds=f"{stop.seconds:g}"))
    pricing = pricing_limits(stop, result.seconds)
    with show_step(words["step.pricing"]):
        prices = price_places(
            problem,
            result.choice,
            seconds=pricing.seconds,
            stop_log=pricing.stop_log,
            params=params,
        )
    return replace(result, prices=prices)


def _solve_in_blocks(
    problem: Problem, address: str, seed: int, language: Language, params: SolverParams
) -> Result:
    """Solve in blocks on a cluster; the result has the prices of that solve."""
    # Only --dask needs this.
    from matcher.solve.decomposed.block_backend import BlockBackend  # noqa: PLC0415
    from matcher.solve.decomposed.block_solver import UNLIMITED_SECONDS  # noqa: PLC0415

    backend, stop = BlockBackend(address, params.blocks), StopCriteria(UNLIMITED_SECONDS)
    with show_progress(texts(language)["step.placing"]) as follow:
        result = solve(
            problem, backend=backend, seed=seed, stop=stop, progress=follow, params=params
        )
    return (
        result if backend.block_plan is None else replace(result, prices=backend.block_plan.prices)
    )


def _write(
    problem: Problem,
    result: Result,
    folder: Path,
    file_format: FileFormat,
    language: Language,
    data: Path,
) -> None:
    with show_step(texts(language)["step.writing"].format(path=folder)):
        write_result(folder, problem, result, file_format, data)
        page = html(problem, result, language=language)
        (folder / "report.html").write_text(page, encoding="utf-8")
