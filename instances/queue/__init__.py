"""Facts of each household beyond its members: waiting, living, ties and bans."""
