"""Schemas of policies and rules."""

from datetime import date
from typing import Any

from pydantic import BaseModel, Field

from api.schemas import BilingualText


class PolicyDetail(BaseModel):
    """A policy, with the value of every parameter."""

    name: str = Field(examples=["default"])
    version: str
    decided_by: str = Field(description="Who stands behind it.")
    decided_on: date | None
    hash: str = Field(description="SHA-256 of all that affects a plan.")
    source: str = Field(
        description="The night that it is in force since, or `project` for those that come with it."
    )
    rules: dict[str, dict[str, Any]] = Field(description="Parameters of the rules that are on.")
    terms: dict[str, dict[str, Any]] = Field(description="Parameters of the terms that are on.")


class RuleBookEntry(BaseModel):
    """A hard rule, or a term of the objective."""

    id: str = Field(examples=["lar"])
    section: str = Field(description="`rules` or `terms`.")
    in_force: bool = Field(description="Whether the policy in force has it on.")
    title: BilingualText
    sentence: BilingualText
    source: str = Field(description="What it rests on.")
    parameters: dict[str, Any] = Field(description="What a policy can set, with the defaults.")
    reasons: dict[str, BilingualText] = Field(
        description="Every reason that it can give, as a template."
    )
