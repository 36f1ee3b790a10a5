"""Parameters of the solvers: every number that steers a search, with its unit and its range."""
