"""Fitted models as files: plain numbers in JSON, read without running anything."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matcher.errors import TreffsikkerError
from matcher.fitting.models import (
    BoostedModel,
    FittedModel,
    HazardModel,
    LinearModel,
    LogitModel,
)

FORMAT = 1
"""Version of the file's form."""
FORMS: Mapping[str, type[FittedModel]] = {
    form.method: form for form in (LinearModel, LogitModel, HazardModel, BoostedModel)
}


class ModelFileError(TreffsikkerError):
    """A file that is no fitted stay model."""


def save_model(model: FittedModel, path: Path) -> None:
    """Write a model as JSON."""
    path.write_text(json.dumps(_held(model), separators=(",", ":")) + "\n", encoding="utf-8")


def load_model(path: Path) -> FittedModel:
    """Read a model that :func:`save_model` wrote.

    Raises
    ------
    ModelFileError
        When the file is no such model, or one of another version.
    """
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        form = FORMS[held["method"]]
        if held["format"] != FORMAT:
            raise ModelFileError(
                f"{path} has form {held['format']!r}, this version reads form {FORMAT}; fit it anew"
            )
        first, last = map(int, held["cohorts"])
        return form.from_json(int(held["horizon"]), (first, last), held)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelFileError(
            f"{path} is not a fitted stay model; make one with treffsikker stay fit"
        ) from error


def model_hash(model: FittedModel) -> str:
    """SHA-256 of a model's numbers."""
    return hashlib.sha256(json.dumps(_held(model), sort_keys=True).encode()).hexdigest()


def _held(model: FittedModel) -> dict[str, Any]:
    head = {"format": FORMAT, "method": model.method, "horizon": model.horizon}
    return {**head, "cohorts": list(model.cohorts), **model.as_json()}
