"""What counts: rules and terms, their types, their catalogue, and the policies that weigh them."""
