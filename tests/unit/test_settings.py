"""Settings come from the environment, and what cannot be used is refused by name."""

from datetime import date

import pytest

from matcher.settings import Settings, SettingsError, environment_variable, read_settings


@pytest.fixture
def environment(monkeypatch):
    """Set variables, in an environment with nothing but a development switch."""

    def given(**values: str) -> None:
        for name, value in {"TREFFSIKKER_DEVELOPMENT": "1", **values}.items():
            monkeypatch.setenv(name, value)

    return given


def test_what_is_given_goes_before_the_environment(environment):
    """None leaves a setting to the environment."""
    environment(TREFFSIKKER_PORT="8001", TREFFSIKKER_WORKERS="2")
    settings = read_settings(port=9000, workers=None)
    assert (settings.port, settings.workers) == (9000, 2)


def test_all_faults_are_told_at_once_each_with_its_variable_and_value(environment):
    """So that nobody mends them one start at a time."""
    environment(TREFFSIKKER_PORT="80000", TREFFSIKKER_TIME_ZONE="Moon")
    with pytest.raises(SettingsError, match=r"ZONE is 'Moon'.*; .*PORT is '80000'"):
        read_settings()


def test_a_variable_that_is_no_setting_is_refused(environment):
    """A misspelt setting must not be taken for one that was not given."""
    environment(TREFFSIKKER_METRIC_OPEN="1")
    with pytest.raises(SettingsError, match="did you mean TREFFSIKKER_METRICS_OPEN"):
        read_settings()


def test_a_secret_is_never_told(environment):
    """Not even when it is wrong."""
    environment(TREFFSIKKER_DEVELOPMENT="0", TREFFSIKKER_SECRET="hush-hush")
    with pytest.raises(SettingsError, match="32 characters") as refused:
        read_settings()
    assert "hush" not in str(refused.value)
    environment(TREFFSIKKER_SECRET="hush-hush" * 4)
    assert "hush" not in repr(read_settings())


def test_another_day_than_the_machines_is_for_trying_the_service(environment):
    """It counts for every moment, and is refused where real people are settled."""
    environment(TREFFSIKKER_TODAY="2024-06-12")
    settings = read_settings()
    assert settings.present_day() == settings.present_moment().date() == date(2024, 6, 12)
    assert settings.present_moment().tzinfo == settings.zone
    environment(TREFFSIKKER_DEVELOPMENT="0", TREFFSIKKER_SECRET="hush-hush" * 4)
    with pytest.raises(SettingsError, match="TREFFSIKKER_TODAY is only for trying"):
        read_settings()


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_says_what_it_is(name):
    """In a whole sentence, which the reference shows."""
    description = Settings.model_fields[name].description or ""
    assert description.endswith(".") and len(description) > 15
    assert environment_variable(name) == f"TREFFSIKKER_{name.upper()}"


OIDC = {
    "TREFFSIKKER_OIDC_ISSUER": "https://login.test",
    "TREFFSIKKER_OIDC_CLIENT_ID": "treffsikker",
    "TREFFSIKKER_OIDC_CLIENT_SECRET": "hush",
    "TREFFSIKKER_OIDC_ROLES": '{"settlers": "caseworker", "oslo": "municipality:0301"}',
    "TREFFSIKKER_PUBLIC_URL": "https://placement.test",
    "TREFFSIKKER_DEVELOPMENT": "0",
    "TREFFSIKKER_SECRET": "s" * 40,
}


def test_a_provider_is_read_from_the_environment(environment):
    """Its mapping as JSON; the secret is not shown."""
    environment(**OIDC)
    settings = read_settings()
    assert settings.oidc_roles == {"settlers": "caseworker", "oslo": "municipality:0301"}
    assert "hush" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("OIDC_CLIENT_ID", "", "needs TREFFSIKKER_OIDC_CLIENT_ID as well"),
        ("OIDC_CLIENT_SECRET", "", "needs TREFFSIKKER_OIDC_CLIENT_SECRET as well"),
        ("OIDC_ROLES", "{}", "needs TREFFSIKKER_OIDC_ROLES as well"),
        ("OIDC_ROLES", '{"x": "king"}', "king: give of caseworker"),
        ("OIDC_ROLES", '{"x": "caseworker:0301"}', "goes with the role municipality alone"),
        ("OIDC_ROLES", '{"x": "municipality:301"}', "four-digit number"),
        ("OIDC_ROLES", "x", "OIDC_ROLES is JSON"),
        ("OIDC_ISSUER", "http://login.test", "OIDC_ISSUER must begin with https://"),
        ("PUBLIC_URL", "http://placement.test", "PUBLIC_URL must begin with https://"),
        ("PUBLIC_URL", "https://placement.test/x", "PUBLIC_URL is"),
        ("RATE_LIMIT", "often", "such as 6000/minute"),
        ("SECRET", "short", "SECRET must have 32 characters"),
    ],
)
def test_what_is_not_safe_or_not_whole_is_refused_at_the_start(environment, name, value, told):
    """With the variable's name and what to write."""
    environment(**{**OIDC, f"TREFFSIKKER_{name}": value})
    with pytest.raises(SettingsError, match=told):
        read_settings()
