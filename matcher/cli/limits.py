"""What a command refuses before it begins: impossible options, places that cannot be written."""

import math
from pathlib import Path
from tempfile import TemporaryFile

from matcher.cli.sentences import texts
from matcher.cli.shared import UsageError
from matcher.solve.export import ENDINGS
from matcher.texts import Language

MOST_SEED = 2_147_483_646
"""Solvers take seeds of 32 bits, one of them the seed and one."""


def refuse(seconds: float, gap: float, seed: int, model: Path | None, language: Language) -> None:
    """Refuse what no solve can be asked for, before a file is read.

    Raises
    ------
    UsageError
        With a sentence for each option, naming its value.
    """
    asked: tuple[tuple[str, object, bool], ...] = (
        ("seconds", seconds, math.isfinite(seconds) and seconds > 0),
        ("gap", gap, math.isfinite(gap) and gap >= 0),
        ("seed", seed, 0 <= seed <= MOST_SEED),
        ("ending", model, model is None or model.suffix in ENDINGS),
    )
    _tell([(name, value) for name, value, fine in asked if not fine], language)


def refuse_seed(seed: int, language: Language) -> None:
    """Refuse a seed that no generator takes.

    Raises
    ------
    UsageError
        Naming it.
    """
    _tell([] if 0 <= seed <= MOST_SEED else [("seed", seed)], language)


def _tell(wrong: list[tuple[str, object]], language: Language) -> None:
    words = texts(language)
    if wrong:
        told = (words[f"wrong_{name}"].format(value=v, most=MOST_SEED) for name, v in wrong)
        raise UsageError("\n".join(told))


def probe(folder: Path) -> None:
    """Find out whether a folder can be made and written to, and leave nothing behind.

    Raises
    ------
    OSError
        When it cannot; better said before a solve than after it.
    """
    missing = [p for p in (folder, *folder.parents) if not p.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise type(error)(error.errno, error.strerror, str(folder)) from error
    finally:
        for made in missing:
            if made.is_dir():
                made.rmdir()
