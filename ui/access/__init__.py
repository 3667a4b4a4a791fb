"""Users at the window: log-in, passwords, lock, administration of users and roles."""
