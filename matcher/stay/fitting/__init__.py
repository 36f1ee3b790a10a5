"""The stay model held against its report, and models of one's own fitted on register data."""
