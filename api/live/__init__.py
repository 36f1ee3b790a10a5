"""What follows the store: the current snapshot, ranked at the last complete night's prices."""
