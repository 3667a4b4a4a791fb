"""What looks over all areas: prints, invariants, reports."""
