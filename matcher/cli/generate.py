"""``treffsikker generate``: make a synthetic queue for the real municipalities."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from instances import Profile, composition_deviations, generate
from matcher.cli.sentences import count, texts
from matcher.cli.shared import (
    JsonOption,
    LanguageOption,
    check_seed,
    check_writable,
    print_json,
    print_line,
    show_step,
)
from matcher.domain.instance import Instance
from matcher.files.writing import FileFormat, write
from matcher.texts import Language, format_number


def run(
    profile: Annotated[str, typer.Argument(help="A profile by name, or a path to a TOML file.")],
    out: Annotated[Path, typer.Option("--out", help="Folder to write the files to.")],
    seed: Annotated[int, typer.Option("--seed", help="Same seed, same files.")] = 1,
    households: Annotated[
        int | None, typer.Option("--households", min=1, help="Other than the profile's.")
    ] = None,
    file_format: Annotated[
        FileFormat, typer.Option("--format", help="csv, xlsx or parquet.")
    ] = "csv",
    as_json: JsonOption = False,
    language: LanguageOption = "nb",
) -> None:
    """Make a synthetic queue on the real municipalities, and say how far it is from the country."""
    words = texts(language)
    check_seed(seed, language)
    chosen = Profile.read(profile)
    check_writable(out)
    with show_step(words["step.generating"].format(profile=profile)):
        instance = generate(chosen, seed=seed, households=households)
        write(instance, out, format=file_format)
    facts = _facts(instance, out)
    if as_json:
        print_json(facts)
        return
    for line in _lines(facts, len(instance.made_up), out, language):
        print_line(line)


def _facts(instance: Instance, out: Path) -> Mapping[str, Any]:
    table = composition_deviations(instance)
    worst = table.to_dict(orient="records")[int(table["deviation"].abs().argmax())]
    return {
        "households": len(instance.households),
        "persons": instance.persons,
        "municipalities": len(instance.municipalities),
        "open_places": sum(max(0, m.ledger.open or 0) for m in instance.municipalities),
        "largest_deviation": float(worst["deviation"]),
        "of": f"{worst['dimension']}: {worst['level']}",
        "folder": str(out),
    }


def _lines(facts: Mapping[str, Any], made_up: int, out: Path, language: Language) -> list[str]:
    words = texts(language)
    things = ("household", "person", "municipality", "place")
    keys = ("households", "persons", "municipalities", "open_places")
    counts = [count(facts[key], thing, language) for key, thing in zip(keys, things, strict=True)]
    names = ("households", "persons", "municipalities", "places")
    dimension, level = (_describe(part, words) for part in facts["of"].split(": "))
    deviation = format_number(abs(facts["largest_deviation"]), language, 1)
    return [
        words["generated"].format(**dict(zip(names, counts, strict=True))),
        words["deviation"].format(points=deviation, of=f"{dimension}: {level}"),
        words["made_up"].format(
            columns=count(made_up, "made_up_column", language), path=out / "instance.toml"
        ),
        words["generated_next"].format(out=out),
    ]


def _describe(part: str, words: Mapping[str, str]) -> str:
    """Write a dimension or a level in words; one without a text, such as a country, as it is."""
    return words.get(f"of.{part}", part.replace("_", " "))
