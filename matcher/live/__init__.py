"""Ranked placements from the last complete night's prices and the ledger as it is now."""
