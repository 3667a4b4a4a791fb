"""The arithmetic of costing: whole cents, whole millionths of a unit, exact fractions; no SQL, no clock."""
