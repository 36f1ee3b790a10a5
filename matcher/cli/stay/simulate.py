"""``treffsikker stay simulate``: draw synthetic register data with known effects."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from instances.register import SimulationTruth, simulate_register
from matcher.cli.sentences import texts
from matcher.cli.shared import (
    JsonOption,
    LanguageOption,
    UsageError,
    check_seed,
    print_json,
    print_line,
    show_step,
)
from matcher.stay.fitting.register import REGISTER_SUFFIXES
from matcher.texts import Language


def run(
    out: Annotated[Path, typer.Option("--out", help="File to write: .parquet or .csv.")],
    persons: Annotated[int, typer.Option("--persons", min=1, help="How many.")] = 50_000,
    seed: Annotated[int, typer.Option("--seed", help="Same seed, same register.")] = 1,
    world: Annotated[
        Literal["report", "nowhere-better"],
        typer.Option("--world", help="Places matter as in table 4, or not at all."),
    ] = "report",
    pairs: Annotated[
        list[str] | None,
        typer.Option("--pair", metavar="NAME=SIZE", help="A pair effect to plant; repeatable."),
    ] = None,
    as_json: JsonOption = False,
    language: LanguageOption = "nb",
) -> None:
    """Draw a register of person-years from table 4, to try fitting on; nobody in it exists."""
    words = texts(language)
    check_seed(seed, language)
    if out.suffix not in REGISTER_SUFFIXES:
        raise UsageError(words["stay.wrong_register"].format(path=out))
    planted = dict(_pair(pair, language) for pair in pairs or ())
    truth = (
        SimulationTruth(pair_sizes=planted)
        if world == "report"
        else SimulationTruth.with_equal_places()
    )
    with show_step(words["stay.simulating"]):
        rows = simulate_register(persons, seed, truth)
        if out.suffix == ".csv":
            rows.to_csv(out, index=False)
        else:
            rows.to_parquet(out, index=False)
    facts = {"persons": persons, "rows": len(rows), "file": str(out)}
    if as_json:
        print_json({**facts, "world": world, "pairs": planted})
    else:
        print_line(words["stay.simulated"].format(**facts))


def _pair(text: str, language: Language) -> tuple[str, float]:
    name, _, size = text.partition("=")
    try:
        return name, float(size)
    except ValueError as error:
        raise UsageError(texts(language)["stay.wrong_pair"].format(value=text)) from error
