"""Whether the service is running and can do its work."""
