"""Treffsikker: places refugee households in municipalities, with proof and reasons."""
