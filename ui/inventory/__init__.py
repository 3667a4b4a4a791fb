"""Windows of inventory."""
