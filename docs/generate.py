"""Write the generated pages of the reference, and the command output in the guides.

``python -m docs.generate`` writes the reference. ``python -m docs.generate tutorial`` runs the
commands of the tutorial, which takes a few minutes, and writes their output into its page.
``python -m docs.generate stay`` does the same for the guide to fitting a stay model, and copies
its plots.
"""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from docs.writing.command import command_page
from docs.writing.console_blocks import refresh_outputs
from docs.writing.effects import effects_page
from docs.writing.endpoints import endpoints_page
from docs.writing.policies import policies_page
from docs.writing.python_interface import python_page
from docs.writing.rules import rules_page
from docs.writing.settings import settings_page
from docs.writing.solver_params import default_toml, solver_params_page
from docs.writing.stay_figures import stay_page
from matcher.files.reference import reference_page
from matcher.stay.fitting.plots import plot_replication, save_plot
from matcher.stay.fitting.replication import replicate_table_2

DOCS = Path(__file__).parent
PAGES: Mapping[str, Callable[[], str]] = {
    "reference/rules.md": rules_page,
    "reference/policies.md": policies_page,
    "reference/command.md": command_page,
    "reference/python.md": python_page,
    "reference/stay-figures.md": stay_page,
    "explanation/pair-effects.md": effects_page,
    "reference/settings.md": settings_page,
    "reference/solver-params.md": solver_params_page,
    "../matcher/solve/params/default.toml": default_toml,
    "reference/endpoints.md": endpoints_page,
    "reference/files.md": reference_page,
}
"""Functions that write the generated pages, by path below ``docs``."""
TUTORIAL = DOCS / "tutorial" / "first-night.md"
STAY_GUIDE = DOCS / "how-to" / "fit-your-own-stay-model.md"
STAY_PLOTS = {
    "plots/effects.svg": "stay-effects.svg",
    "plots/calibration.svg": "stay-calibration.svg",
    "plots/survival-centrality.svg": "stay-survival.svg",
}
"""Plots that the commands of that guide draw, and their names beside the guide."""


def main(arguments: list[str]) -> None:
    """Write the reference, or with ``tutorial`` or ``stay`` the command output of that guide."""
    if arguments == ["tutorial"]:
        refresh_outputs(TUTORIAL)
        return
    if arguments == ["stay"]:
        refresh_outputs(STAY_GUIDE, STAY_PLOTS)
        return
    for path, page in PAGES.items():
        (DOCS / path).write_text(page(), encoding="utf-8")
        sys.stdout.write(f"docs/{path}\n")
    save_plot(plot_replication(replicate_table_2()), DOCS / "reference" / "stay-figures.svg")


if __name__ == "__main__":
    main(sys.argv[1:])
