"""Keys with which other systems ask."""
