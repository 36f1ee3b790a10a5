"""Ranked placements of a household, and why here, why not there."""
