"""Examples of requests and answers, for OpenAPI."""

from typing import Any

from pydantic import ConfigDict


def example(**facts: Any) -> ConfigDict:
    """Give the configuration of a model with an example."""
    return ConfigDict(json_schema_extra={"examples": [facts]})


def asked(**facts: Any) -> ConfigDict:
    """Give the configuration of a request, which has no fields that are not known."""
    return ConfigDict(json_schema_extra={"examples": [facts]}, extra="forbid")
