"""The policy in force, the policies to choose from, and the rule book."""
