"""The page of the algorithm names every file of the solver, and its picture no other."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, page

SOLVE = DOCS.parent / "matcher" / "solve"
FILES = sorted(
    path.relative_to(SOLVE).as_posix() for path in SOLVE.rglob("*.py") if path.name != "__init__.py"
)


@pytest.mark.parametrize("file", FILES)
def test_every_file_of_the_solver_is_named_with_a_link_to_it(file):
    """With its folder, so that two files of one name are told apart."""
    assert f"[`{file}`](../../matcher/solve/{file})" in page("explanation/algorithm.md")


def test_every_file_in_the_picture_is_there():
    """Named in full, or after its neighbour of the same folder."""
    picture = (DOCS / "explanation" / "algorithm.svg").read_text(encoding="utf-8")
    _, _, names = picture.partition('<g font-family="monospace"')
    lines = re.findall(r"<text[^>]*>([^<]*)</text>", names.partition("</g>")[0])
    assert len(lines) == 10
    for line in lines:
        first, *others = line.split(" · ")
        folder = Path(first).parent.as_posix()
        for name in (first, *others):
            assert f"{name.replace('…', folder)}.py" in FILES, name


def test_the_picture_is_drawn_on_the_page():
    """With words for those who cannot see it."""
    assert re.search(r"!\[[^\]]{20,}\]\(algorithm\.svg\)", page("explanation/algorithm.md"))
