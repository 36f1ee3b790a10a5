"""What is made up about municipalities: the ledger so far, services, dwellings, jobs."""
