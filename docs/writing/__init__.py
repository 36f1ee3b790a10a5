"""Writers of the pages of the reference that are generated."""
