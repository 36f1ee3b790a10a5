"""What is known of each household beyond its members: waiting, living, ties and bars."""
