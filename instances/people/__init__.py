"""Who is in the queue: households by their make-up, ages, sexes, origins and needs."""
