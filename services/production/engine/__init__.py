"""Arithmetic of the shop floor: no database, no clock, no Qt."""
