"""Settings of the service, its workers and the night, read only from the environment."""

import difflib
import os
from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo
from functools import cached_property
from typing import Any, Literal
from zoneinfo import ZoneInfo

from limits import parse
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as SourceError

from matcher.domain.errors import TreffsikkerError
from matcher.domain.roles import Role, parse_roles

ENVIRONMENT_PREFIX = "TREFFSIKKER_"
"""Prefix of the environment variables."""
DEVELOPMENT_SECRET = "only-for-development"
"""Secret that signs sessions when none is set; refused outside development."""
MIN_SECRET_LENGTH = 32
"""Smallest number of characters of a secret outside development."""


class SettingsError(TreffsikkerError):
    """A setting is missing or cannot be used."""


class Settings(BaseSettings):
    """Settings, each read from the environment variable ``TREFFSIKKER_`` plus its name in capitals.

    Raises
    ------
    ValidationError
        When a value is not valid, or the development secret is used outside development.
    """

    model_config = SettingsConfigDict(env_prefix=ENVIRONMENT_PREFIX, frozen=True, extra="ignore")

    database: str = Field(
        "sqlite:///treffsikker.db", description="Address of the store, SQLite or PostgreSQL."
    )
    development: bool = Field(
        False, description="Switches the development login on; never where real data is."
    )
    secret: SecretStr = Field(
        SecretStr(DEVELOPMENT_SECRET), description="Signs sessions; 32 characters or more."
    )
    time_zone: str = Field("Europe/Oslo", description="Where a day begins and ends.")
    today: date | None = Field(
        None,
        description="The day that counts as today, to try the service on an earlier queue; the "
        "machine's unless given, and given only in development.",
    )
    host: str = Field("127.0.0.1", description="Address that the service listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port that it listens on; 0 is any free.")
    workers: int = Field(
        1, ge=1, le=64, description="Processes that answer requests; heavy work is not theirs."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least that is logged: debug, info, warning or error."
    )
    metrics_open: bool = Field(
        False, description="Gives `/metrics` to anyone; otherwise it takes the role operator."
    )
    night_late_hours: float = Field(
        30, gt=0, description="Age of the last complete night from which readiness calls it late."
    )
    heartbeat_seconds: float = Field(
        5, gt=0, description="How often a worker shows that it is at work, in seconds."
    )
    silent_seconds: float = Field(
        60, gt=0, description="How long a worker may be silent before another takes its run over."
    )
    attempts: int = Field(
        3, ge=1, description="How often a run is begun before it counts as failed."
    )
    poll_seconds: float = Field(
        1, gt=0, description="How often workers look for runs, and followers of a run for news."
    )

    withdraw_share: float = Field(
        0.1,
        ge=0,
        le=1,
        description="Share of the queue, or of what is known of it, that an import may take away "
        "unless it says that this is meant.",
    )
    withdraw_minimum: int = Field(
        5, ge=0, description="Households, or other things, that an import may take away anyway."
    )
    answer_days: int = Field(
        7, ge=1, le=365, description="Days a municipality has to answer unless a day is given."
    )
    keep_settled_days: int = Field(
        365, ge=0, description="Days after settlement until what is known of a household is erased."
    )
    keep_withdrawn_days: int = Field(
        90, ge=0, description="Days after withdrawal until what is known of a household is erased."
    )
    keep_answers_days: int = Field(
        2, ge=1, description="Days for which an Idempotency-Key is remembered with its answer."
    )

    public_url: str | None = Field(
        None,
        pattern=r"^https?://[^/]+$",
        description="Where people reach the service, without a path; https:// but in development. "
        "Needed for logging in.",
    )
    oidc_issuer: str | None = Field(
        None,
        pattern=r"^https?://",
        description="The OpenID Connect provider at which people log in: its issuer.",
    )
    oidc_client_id: str = Field("", description="What the provider calls this service.")
    oidc_client_secret: SecretStr = Field(
        SecretStr(""), description="With which the service shows the provider that it is itself."
    )
    oidc_roles_claim: str = Field(
        "roles", description="Claim of the ID token that has the roles; dots look into a claim."
    )
    oidc_roles: dict[str, str] = Field(
        {},
        description="Role of each value of that claim, as JSON; `municipality:0301` names the "
        "municipality, `municipality` leaves it to its own claim.",
    )
    oidc_municipality_claim: str | None = Field(
        None, description="Claim with the four-digit number of a municipality's user."
    )
    session_hours: float = Field(8, gt=0, le=24, description="How long someone stays logged in.")
    largest_body: int = Field(
        32 * 2**20, gt=0, description="Bytes that a request can have at the most."
    )
    rate_limit: str = Field(
        "6000/minute",
        description="Requests of one person or system at the most, in each process.",
    )
    login_limit: str = Field(
        "120/minute",
        description="Logins, and requests with no or a wrong key, from one address at the most.",
    )
    rate_limit_storage: str = Field(
        "memory://",
        description="Where requests are counted, as the library limits names it; "
        "redis://... counts those of all processes together.",
    )

    @property
    def uses_https(self) -> bool:
        """Whether users reach the service over HTTPS, as everywhere except in development."""
        return not self.development

    @cached_property
    def zone(self) -> tzinfo:
        """The time zone."""
        return ZoneInfo(self.time_zone)

    def present_moment(self) -> datetime:
        """Return the present moment in the time zone; the machine's clock is read only here."""
        moment = datetime.now(self.zone)
        return moment if self.today is None else datetime.combine(self.today, moment.timetz())

    def present_day(self) -> date:
        """Return the day that counts as today."""
        return self.present_moment().date()

    @property
    def stalled_after(self) -> timedelta:
        """Time without a heartbeat after which another worker takes over a run."""
        return timedelta(seconds=self.silent_seconds)

    @field_validator("time_zone")
    @classmethod
    def _known_time_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (OSError, ValueError, KeyError) as error:
            raise ValueError("there is no such time zone; write one such as Europe/Oslo") from error
        return name

    @model_validator(mode="after")
    def _no_development_secret_elsewhere(self) -> "Settings":
        if not self.development and len(self.secret.get_secret_value()) < MIN_SECRET_LENGTH:
            raise ValueError(
                f"TREFFSIKKER_SECRET must have {MIN_SECRET_LENGTH} characters or more;"
                " set TREFFSIKKER_DEVELOPMENT=1 to try the service without one"
            )
        return self

    @model_validator(mode="after")
    def _no_other_day_elsewhere(self) -> "Settings":
        if self.today is not None and not self.development:
            raise ValueError(
                "TREFFSIKKER_TODAY is only for trying the service: set TREFFSIKKER_DEVELOPMENT=1 as"
                " well, or leave it out"
            )
        return self

    @field_validator("rate_limit", "login_limit")
    @classmethod
    def _known_limit(cls, limit: str) -> str:
        try:
            parse(limit)
        except ValueError as error:
            raise ValueError("there is no such limit; write one such as 6000/minute") from error
        return limit

    @field_validator("oidc_roles")
    @classmethod
    def _known_roles(cls, roles: dict[str, str]) -> dict[str, str]:
        for role in roles.values():
            name, _, municipality = role.partition(":")
            # Where no municipality is named here, a claim names it.
            stand_in = "0000" if name == Role.MUNICIPALITY else None
            parse_roles([name], municipality or stand_in)
        return roles

    @model_validator(mode="after")
    def _logging_in_is_whole(self) -> "Settings":
        if not self.development:
            for name in ("public_url", "oidc_issuer"):
                if str(getattr(self, name) or "https://").startswith("http://"):
                    raise ValueError(f"{environment_variable(name)} must begin with https://")
        if self.oidc_issuer is None:
            return self
        needed = ("public_url", "oidc_client_id", "oidc_client_secret", "oidc_roles")
        missing = [environment_variable(name) for name in needed if not getattr(self, name)]
        if missing:
            raise ValueError(f"TREFFSIKKER_OIDC_ISSUER needs {', '.join(missing)} as well")
        return self

    @model_validator(mode="after")
    def _heard_of_in_time(self) -> "Settings":
        if self.silent_seconds < 3 * self.heartbeat_seconds:
            raise ValueError(
                "TREFFSIKKER_SILENT_SECONDS must be three times TREFFSIKKER_HEARTBEAT_SECONDS or"
                " more: a run is not to be taken from a worker for one late heartbeat"
            )
        return self


def read_settings(**overrides: Any) -> Settings:
    """Read the settings from the environment.

    Parameters
    ----------
    overrides
        Settings that override the environment; None leaves a setting to the environment.

    Raises
    ------
    SettingsError
        When a setting is not valid, or a variable has the prefix but is not a setting.
    """
    _refuse_unknown(os.environ)
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})
    except SourceError as error:
        raise SettingsError(f"{error}; TREFFSIKKER_OIDC_ROLES is JSON") from error
    except ValidationError as error:
        faults = "; ".join(_describe_fault(fault) for fault in error.errors())
        raise SettingsError(faults) from error


def environment_variable(name: str) -> str:
    """Return the name of the environment variable of a setting."""
    return f"{ENVIRONMENT_PREFIX}{name.upper()}"


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    known = [environment_variable(name) for name in Settings.model_fields]
    for name in sorted(environment):
        if name.startswith(ENVIRONMENT_PREFIX) and name not in known:
            similar = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {similar[0]}?" if similar else f"there are {', '.join(known)}"
            raise SettingsError(f"{name} is no setting; {hint}")


def _describe_fault(fault: Mapping[str, Any]) -> str:
    """Describe what is wrong with a setting, without the value of a secret."""
    message = str(fault["msg"]).removeprefix("Value error, ")
    if not fault["loc"]:
        return message
    name = str(fault["loc"][0])
    value = "" if "secret" in name else f" is {fault['input']!r}"
    return f"{environment_variable(name)}{value}: {message}"
