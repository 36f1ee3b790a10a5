"""API keys of other systems."""
