"""Composition and start: command line, settings, wiring."""
