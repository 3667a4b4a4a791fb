"""Planning board and kitting desk."""
