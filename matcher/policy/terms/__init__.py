"""Terms of the objective, one file each with its texts; the catalogue discovers them."""
