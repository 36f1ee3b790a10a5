"""Real municipality facts and realistic synthetic queues."""
