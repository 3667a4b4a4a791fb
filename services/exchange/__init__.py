"""Sheets that come in from Excel and go out to it: declarations, reading, checking, templates, writing."""
