"""Proposals: made, answered, lapsed, and the decisions of earlier days."""
