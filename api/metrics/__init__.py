"""Metrics for operators: requests, runs, alarms and the age of the last night."""
