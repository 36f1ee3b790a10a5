"""Examples of requests and responses, for OpenAPI."""

from typing import Any

from pydantic import ConfigDict


def response_example(**facts: Any) -> ConfigDict:
    """Build the configuration of a response model with an example."""
    return ConfigDict(json_schema_extra={"examples": [facts]})


def request_example(**facts: Any) -> ConfigDict:
    """Build the configuration of a request model with an example; unknown fields are refused."""
    return ConfigDict(json_schema_extra={"examples": [facts]}, extra="forbid")
