"""One household against all municipalities: options, rule checks, prices and reasons."""
