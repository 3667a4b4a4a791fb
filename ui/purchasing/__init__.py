"""Windows of purchasing."""
