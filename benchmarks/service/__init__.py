"""Measure the service over HTTP: response times, and seconds until it is ready."""
