"""The HTTP service around the library."""
