"""Master data tables."""
