"""Subcontract orders."""
