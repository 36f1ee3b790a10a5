"""Municipalities: their ledgers, dwellings, services, and what a person must look at."""
