"""The window of paste and match, opened from any document with lines."""
