"""``treffsikker generate``: a synthetic queue on the real municipalities."""

from pathlib import Path
from typing import Annotated

import typer

from instances import Profile, deviations, generate
from matcher.cli.shared import AsJson, print_json, say, step
from matcher.store.writing import Format, write


def run(
    profile: Annotated[str, typer.Argument(help="A profile by name, or a path to a TOML file.")],
    out: Annotated[Path, typer.Option("--out", help="Folder to write the files to.")],
    seed: Annotated[int, typer.Option("--seed", help="Same seed, same files.")] = 1,
    households: Annotated[
        int | None, typer.Option("--households", min=1, help="Other than the profile's.")
    ] = None,
    file_format: Annotated[Format, typer.Option("--format", help="csv, xlsx or parquet.")] = "csv",
    as_json: AsJson = False,
) -> None:
    """Make a synthetic queue on the real municipalities, and say how far it is from the country."""
    chosen = Profile.read(profile)
    with step(f"Generating {profile}"):
        instance = generate(chosen, seed=seed, households=households)
        write(instance, out, format=file_format)
    table = deviations(instance)
    worst = table.to_dict(orient="records")[int(table["deviation"].abs().argmax())]
    facts = {
        "households": len(instance.households),
        "persons": instance.persons,
        "municipalities": len(instance.municipalities),
        "open_places": sum(max(0, m.ledger.open) for m in instance.municipalities),
        "largest_deviation": float(worst["deviation"]),
        "of": f"{worst['dimension']}: {worst['level']}",
        "folder": str(out),
    }
    if as_json:
        print_json(facts)
        return
    say(
        f"{facts['households']} households with {facts['persons']} persons; "
        f"{facts['municipalities']} municipalities with {facts['open_places']} open places."
    )
    say(
        f"Composition against refugees settled 2010-2023 (Fafo 2025:14, table 5): at most "
        f"{abs(float(worst['deviation'])):.1f} percentage points off ({facts['of']})."
    )
    say(f"Made up: {len(instance.made_up)} columns, listed in {out / 'instance.toml'}.")
    say(f"Next: treffsikker check {out}, then treffsikker plan {out}")
