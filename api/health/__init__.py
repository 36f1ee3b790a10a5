"""Whether the service is up and can do its work."""
