"""Planning runs and their planned orders."""
