"""Synthetic facts of municipalities: the ledger of the year, services, dwellings, jobs."""
