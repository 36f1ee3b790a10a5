"""Measures of how easily one finds one's way in the source, with the limits that CI holds."""
