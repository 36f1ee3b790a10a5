"""Count the files that one more fact about households and municipalities touches."""

import re
from pathlib import Path

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-fact.md"
FILE_NAME = re.compile(r"^`([\w/]+\.\w+)`:$", re.MULTILINE)


def fact_files() -> list[str]:
    """List the files that the guide on adding a fact writes or changes; a test applies them."""
    return sorted(set(FILE_NAME.findall(GUIDE.read_text(encoding="utf-8"))))
