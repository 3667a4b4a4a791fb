"""Benchmarks against floors measured in the same run; they print figures and never fail on time."""
