"""The audit log, for those who look into it."""
