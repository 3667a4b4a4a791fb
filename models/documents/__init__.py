"""The document spine."""
