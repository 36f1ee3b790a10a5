"""Stores on both databases."""

from tests.store.conftest import (
    empty_url,
    postgres,
    sqlite_template,
    sqlite_url,
    store,
    store_url,
)

__all__ = ["empty_url", "postgres", "sqlite_template", "sqlite_url", "store", "store_url"]
