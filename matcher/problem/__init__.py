"""An instance under a policy: program, score, prices, and the capacity that a plan leaves."""
