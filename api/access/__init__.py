"""Access: who the caller is, what the caller may do, and what the audit log records of it."""
