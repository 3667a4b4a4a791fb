"""Append-only ledgers and their balances."""
