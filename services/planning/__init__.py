"""Planning: the run, its plan, what explains it, and complete sets."""
