"""Windows of sales."""
