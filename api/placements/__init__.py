"""Ranked placements of a household, and explanations of them."""
