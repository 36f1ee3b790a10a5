"""The parts of the objective, one small file each with its texts; the catalogue finds them."""
