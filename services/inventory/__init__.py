"""Opening stock and stock queries."""
