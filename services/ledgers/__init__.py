"""Append-only ledgers: stock and work in progress, one writer each."""
