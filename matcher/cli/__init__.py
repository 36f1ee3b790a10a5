"""The command ``treffsikker``."""

from matcher.cli.app import main

__all__ = ["main"]
