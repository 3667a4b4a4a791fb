"""The one grid that serves every list and every line editor."""
