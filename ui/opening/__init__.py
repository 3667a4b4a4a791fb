"""Before and after the window on a book: which book, its first day, its backups."""
