"""Stores on both databases."""

from tests.store.conftest import empty_url, postgres, sqlite_template, store, store_url

__all__ = ["empty_url", "postgres", "sqlite_template", "store", "store_url"]
