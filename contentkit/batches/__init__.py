"""How many pieces are written at once: rows taken in, handed over, delivered as they come."""
