"""From a fresh checkout to a running program or tests, with nothing but the standard library."""
