"""Users: passwords, log-in, and their administration."""
