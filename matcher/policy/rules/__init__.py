"""Hard rules, one file each with its texts beside it; the catalogue discovers them."""
