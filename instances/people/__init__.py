"""The persons of the queue: make-up of households, ages, sexes, origins and needs."""
