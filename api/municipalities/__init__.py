"""Municipalities: their ledgers, dwellings and services, and alarms for people to look at."""
