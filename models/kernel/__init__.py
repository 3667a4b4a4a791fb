"""Value types known to every layer; no database, no Qt."""
