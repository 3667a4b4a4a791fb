"""The document engine: what all business documents have in common, written once."""
