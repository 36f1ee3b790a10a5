"""Hard rules, one small file each with its texts beside it; the catalogue finds them."""
