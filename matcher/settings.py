"""Settings of the service and the night: from the environment, and from nowhere else."""

from datetime import tzinfo
from functools import cached_property
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from matcher.errors import TreffsikkerError

DEVELOPMENT_SECRET = "only-for-development"
"""What signs sessions where no secret is set; refused outside development."""
SHORTEST_SECRET = 32
"""Characters that a real secret has at the least."""


class SettingsError(TreffsikkerError):
    """A setting is missing or cannot be used."""


class Settings(BaseSettings):
    """Settings, each from the environment variable ``TREFFSIKKER_`` and its name in capitals.

    Raises
    ------
    ValidationError
        When a value cannot be used, or a development secret is used outside development.
    """

    model_config = SettingsConfigDict(env_prefix="TREFFSIKKER_", frozen=True, extra="ignore")

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

    public_url: str | None = Field(
        None,
        pattern=r"^https?://[^/]+$",
        description="Where people reach the service, without a path; https:// but in development. "
        "Needed for logging in.",
    )
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
    def secure(self) -> bool:
        """People come over HTTPS, as everywhere but in development."""
        return not self.development

    @cached_property
    def zone(self) -> tzinfo:
        """The time zone."""
        return ZoneInfo(self.time_zone)

    @model_validator(mode="after")
    def _no_development_secret_elsewhere(self) -> "Settings":
        if not self.development and len(self.secret.get_secret_value()) < SHORTEST_SECRET:
            raise ValueError(
                f"TREFFSIKKER_SECRET must have {SHORTEST_SECRET} characters or more;"
                " set TREFFSIKKER_DEVELOPMENT=1 to try the service without one"
            )
        return self
