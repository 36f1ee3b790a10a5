"""The service over HTTP: how long a caseworker waits, and how soon it is up."""
