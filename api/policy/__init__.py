"""The policy in force, those to choose from, and the rule book."""
