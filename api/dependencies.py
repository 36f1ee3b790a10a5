"""Dependencies of endpoints: the store, the clock and the settings of the application."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from matcher.settings import Settings
from matcher.store.store import Store


def _store(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


def _moment(request: Request) -> datetime:
    moment: datetime = request.app.state.clock()
    return moment


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


StoreDep = Annotated[Store, Depends(_store)]
"""The store of the application."""
NowDep = Annotated[datetime, Depends(_moment)]
"""The present moment, in the time zone of the settings."""
SettingsDep = Annotated[Settings, Depends(_settings)]
"""The settings of the application."""
