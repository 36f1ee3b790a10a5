"""The price-directed solver: relaxation, pricing, cuts and large neighbourhood search."""
