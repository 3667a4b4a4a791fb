"""What the program does; no Qt."""
