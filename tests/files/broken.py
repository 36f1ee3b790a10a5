"""Folders of test data: a valid instance with a few files laid over it."""

import shutil
import tomllib
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent.parent / "data"
VALID = DATA / "valid"


def names(kind: str) -> list[str]:
    """Names of the overlays of a kind, broken or accepted."""
    return sorted(folder.name for folder in (DATA / kind).iterdir())


def expected(kind: str, name: str) -> dict[str, Any]:
    """What an overlay's ``expected.toml`` says."""
    return tomllib.loads((DATA / kind / name / "expected.toml").read_text(encoding="utf-8"))


def lay(kind: str, name: str, folder: Path) -> Path:
    """Copy the valid instance and lay an overlay's files over it."""
    shutil.copytree(VALID, folder, dirs_exist_ok=True)
    for gone in expected(kind, name).get("remove", []):
        (folder / gone).unlink()
    shutil.copytree(
        DATA / kind / name, folder, dirs_exist_ok=True, ignore=lambda *_: ["expected.toml"]
    )
    return folder
