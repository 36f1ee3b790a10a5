"""Checks made before a command begins: impossible options, files of parameters, folders."""

import math
from pathlib import Path
from tempfile import TemporaryFile
from typing import Annotated

import typer

from matcher.cli.sentences import texts
from matcher.cli.shared import UsageError
from matcher.solve.model_file import MODEL_FILE_SUFFIXES
from matcher.solve.params.solver_params import SolverParams
from matcher.texts import Language

MAX_SEED = 2_147_483_646
"""Solvers take 32-bit seeds, and one solver is given the seed plus one."""

SolverParamsOption = Annotated[
    Path | None,
    typer.Option(
        "--solver-params", help="TOML file of what steers the solver; its defaults unless given."
    ),
]


def read_solver_params(path: Path | None) -> SolverParams:
    """Read the parameters of the solver; the defaults without a file.

    Raises
    ------
    SolverParamsError
        When the file cannot be read, or names something that does not exist or is not allowed.
    """
    return SolverParams() if path is None else SolverParams.read(path)


def check_solve_options(
    seconds: float, gap: float, seed: int, model_path: Path | None, language: Language
) -> None:
    """Check the options of a solve before any file is read.

    Raises
    ------
    UsageError
        With one sentence for each wrong option, naming its value.
    """
    checks: tuple[tuple[str, object, bool], ...] = (
        ("seconds", seconds, math.isfinite(seconds) and seconds > 0),
        ("gap", gap, math.isfinite(gap) and gap >= 0),
        ("seed", seed, 0 <= seed <= MAX_SEED),
        ("ending", model_path, model_path is None or model_path.suffix in MODEL_FILE_SUFFIXES),
    )
    _raise_usage_error([(name, value) for name, value, fine in checks if not fine], language)


def check_seed(seed: int, language: Language) -> None:
    """Check that a seed is within the limits.

    Raises
    ------
    UsageError
        When it is not; the message names the seed.
    """
    _raise_usage_error([] if 0 <= seed <= MAX_SEED else [("seed", seed)], language)


def _raise_usage_error(wrong: list[tuple[str, object]], language: Language) -> None:
    words = texts(language)
    if wrong:
        sentences = (words[f"wrong_{name}"].format(value=v, most=MAX_SEED) for name, v in wrong)
        raise UsageError("\n".join(sentences))


def check_writable(folder: Path) -> None:
    """Check that a folder can be created and written to, and leave nothing behind.

    Raises
    ------
    OSError
        When it cannot: the user learns it before a long solve, not after it.
    """
    missing = [p for p in (folder, *folder.parents) if not p.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise type(error)(error.errno, error.strerror, str(folder)) from error
    finally:
        for parent in missing:
            if parent.is_dir():
                parent.rmdir()
