"""Windows of subcontracting."""
