"""What the service keeps in the store: API keys, sessions, the audit log, idempotent answers."""
