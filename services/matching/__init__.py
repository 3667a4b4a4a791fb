"""Paste and match: from a pasted block to order lines, guessed and ranked; nothing is written before the clerk confirms."""
