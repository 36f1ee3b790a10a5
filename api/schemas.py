"""What the schemas of several subjects share: examples for OpenAPI, and a text in two languages."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class BilingualText(BaseModel):
    """A text in Norwegian and in English."""

    nb: str
    en: str


def response_example(**facts: Any) -> ConfigDict:
    """Build the configuration of a response model with an example."""
    return ConfigDict(json_schema_extra={"examples": [facts]})


def request_example(**facts: Any) -> ConfigDict:
    """Build the configuration of a request model with an example; unknown fields are refused."""
    return ConfigDict(json_schema_extra={"examples": [facts]}, extra="forbid")
