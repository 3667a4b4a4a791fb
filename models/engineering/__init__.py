"""Bill-of-material tables."""
