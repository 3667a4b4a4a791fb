"""What belongs to documents beside their lines: attached files, templates."""
