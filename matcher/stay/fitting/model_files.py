"""Fitted models as files: plain numbers in JSON, read without executing code."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matcher.domain.errors import TreffsikkerError
from matcher.stay.fitting.models import (
    BoostedModel,
    FittedModel,
    HazardModel,
    LinearModel,
    LogitModel,
)

FORMAT_VERSION = 1
"""Version of the file format."""
MODEL_CLASSES: Mapping[str, type[FittedModel]] = {
    form.method: form for form in (LinearModel, LogitModel, HazardModel, BoostedModel)
}


class ModelFileError(TreffsikkerError):
    """The file is not a fitted stay model."""


def save_model(model: FittedModel, path: Path) -> None:
    """Write a model as JSON."""
    path.write_text(json.dumps(_as_json(model), separators=(",", ":")) + "\n", encoding="utf-8")


def load_model(path: Path) -> FittedModel:
    """Read a model that :func:`save_model` wrote.

    Raises
    ------
    ModelFileError
        When the file is not such a model, or has another format version.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        model_class = MODEL_CLASSES[content["method"]]
        if content["format"] != FORMAT_VERSION:
            raise ModelFileError(
                f"{path} has form {content['format']!r}, this version reads form "
                f"{FORMAT_VERSION}; fit it anew"
            )
        first, last = map(int, content["cohorts"])
        return model_class.from_json(int(content["horizon"]), (first, last), content)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelFileError(
            f"{path} is not a fitted stay model; make one with treffsikker stay fit"
        ) from error


def hash_model(model: FittedModel) -> str:
    """Return the SHA-256 of a model's numbers."""
    return hashlib.sha256(json.dumps(_as_json(model), sort_keys=True).encode()).hexdigest()


def _as_json(model: FittedModel) -> dict[str, Any]:
    head = {"format": FORMAT_VERSION, "method": model.method, "horizon": model.horizon}
    return {**head, "cohorts": list(model.cohorts), **model.as_json()}
