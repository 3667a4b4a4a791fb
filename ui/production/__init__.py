"""Windows of production."""
