"""Paper: what is printed is frozen data, how it looks is measured in millimetres; no database, no Qt."""
