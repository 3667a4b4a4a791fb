"""What several tests stand on: a private PostgreSQL, and the places of the checkout."""
