"""What endpoints stand on: the store, the clock, the settings, taken from the application."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from matcher.settings import Settings
from matcher.store.database import Store


def _store(request: Request) -> Store:
    found: Store = request.app.state.store
    return found


def _now(request: Request) -> datetime:
    moment: datetime = request.app.state.clock()
    return moment


def _settings(request: Request) -> Settings:
    found: Settings = request.app.state.settings
    return found


StoreHere = Annotated[Store, Depends(_store)]
"""The store of the application."""
Now = Annotated[datetime, Depends(_now)]
"""This moment, in the time zone of the settings."""
SettingsHere = Annotated[Settings, Depends(_settings)]
"""The settings of the application."""
