"""Planning and kitting as pure computation: integers in, integers out."""
